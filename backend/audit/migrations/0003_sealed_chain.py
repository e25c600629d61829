import django.contrib.postgres.fields
import django.db.models.functions.datetime
from django.db import migrations, models

QUEUE = """
CREATE FUNCTION audit_wants_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_unsealed (row_id) SELECT id FROM written;
  RETURN NULL;
END $$;
CREATE TRIGGER audit_wants_seal AFTER INSERT ON audit_auditrow
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION audit_wants_seal();
INSERT INTO audit_unsealed (row_id) SELECT id FROM audit_auditrow;
"""
QUEUE_REVERSE = """
DROP TRIGGER audit_wants_seal ON audit_auditrow;
DROP FUNCTION audit_wants_seal();
"""

# Old rows leave by `manage.py trim_audit` alone: as the tables' owner, after a cut was recorded,
# and never before six months, whatever a setting says (Cybersecurity Law, Article 21(3)).
APPEND_ONLY = """
CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'audit_auditrow' THEN
    IF OLD.at < now() - interval '6 months' AND EXISTS (
      SELECT FROM audit_seal s, audit_cut c
      WHERE s.row_id = OLD.id AND s.number <= c.rows_to AND NOT s.number = ANY (c.kept)
        AND c.rows_to = (SELECT max(rows_to) FROM audit_cut)
    ) THEN
      RETURN OLD;
    END IF;
  ELSIF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'audit_seal' THEN
    IF OLD.number <= (SELECT max(seals_to) FROM audit_cut) THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'audit rows are only ever appended';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_seal
FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_cut
FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
"""
APPEND_ONLY_REVERSE = """
DROP TRIGGER audit_append_only ON audit_seal;
DROP TRIGGER audit_append_only ON audit_cut;
CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit rows are only ever appended';
END $$;
"""


class Migration(migrations.Migration):
    """Rows get a place in a chain of hashes; what was written before waits for its seal too."""

    dependencies = [("audit", "0002_append_only")]

    operations = [
        migrations.AlterField(
            model_name="auditrow",
            name="action",
            field=models.CharField(
                choices=[
                    ("read", "looked at"),
                    ("change", "changed"),
                    ("create", "made"),
                    ("delete", "deleted"),
                    ("sign_in", "signed in"),
                    ("refused", "refused"),
                    ("share", "handed to others"),
                    ("export", "audit taken along"),
                    ("cut", "audit shortened"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="Unsealed",
            fields=[
                ("row_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("row_id", models.BigIntegerField(unique=True)),
                ("hash", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Cut",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("rows_to", models.BigIntegerField(unique=True)),
                ("seals_to", models.BigIntegerField()),
                ("hash", models.BinaryField()),
                (
                    "kept",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("export_sha256", models.CharField(max_length=64)),
                ("key_id", models.CharField(max_length=40)),
                ("signature", models.CharField(max_length=100)),
            ],
        ),
        migrations.RunSQL(QUEUE, QUEUE_REVERSE),
        migrations.RunSQL(APPEND_ONLY, APPEND_ONLY_REVERSE),
    ]
