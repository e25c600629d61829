from django.db import migrations


class Migration(migrations.Migration):
    """The journal's one head row, and the table of the database cache."""

    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "INSERT INTO core_journalhead (last_seq) VALUES (0)",
            "DELETE FROM core_journalhead",
        ),
        migrations.RunSQL(
            """
            CREATE TABLE cache (
              cache_key varchar(255) PRIMARY KEY,
              value text NOT NULL,
              expires timestamptz NOT NULL
            );
            CREATE INDEX cache_expires ON cache (expires);
            """,
            "DROP TABLE cache",
        ),
    ]
