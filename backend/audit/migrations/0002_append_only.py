from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit rows are only ever appended';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_auditrow
FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
"""
REVERSE = """
DROP TRIGGER audit_append_only ON audit_auditrow;
DROP FUNCTION audit_is_append_only();
"""


class Migration(migrations.Migration):
    """The database refuses to change or delete rows of the audit."""

    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(APPEND_ONLY, REVERSE)]
