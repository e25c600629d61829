"""Every way of writing an event wakes the sequencer: a statement of many tells once."""

from django.db import migrations

TELL = """
CREATE FUNCTION core_tell_journal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('journal_unnumbered', '');
  RETURN NULL;
END $$;
CREATE TRIGGER core_journal_tells AFTER INSERT ON core_journalevent
FOR EACH STATEMENT EXECUTE FUNCTION core_tell_journal();
"""
REVERSE = """
DROP TRIGGER core_journal_tells ON core_journalevent;
DROP FUNCTION core_tell_journal();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0005_clock_watch")]

    operations = [migrations.RunSQL(TELL, REVERSE)]
