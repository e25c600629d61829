"""No account is, or comes to be, two of system, security and audit administrator."""

from django.db import migrations

KEEP = """
CREATE FUNCTION accounts_one_administration() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.administers <> '' THEN
    NEW.administers := OLD.administers;
  ELSE
    NEW.administers := '';
  END IF;
  IF NEW.role IN ('administrator', 'security', 'auditor') THEN
    IF NEW.administers NOT IN ('', NEW.role) THEN
      RAISE EXCEPTION 'this account was % once', NEW.administers
        USING ERRCODE = 'check_violation', CONSTRAINT = 'user_one_administration';
    END IF;
    NEW.administers := NEW.role;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER accounts_user_one_administration
BEFORE INSERT OR UPDATE OF role, administers ON accounts_user
FOR EACH ROW EXECUTE FUNCTION accounts_one_administration();
UPDATE accounts_user SET role = role WHERE role IN ('administrator', 'security', 'auditor');
"""
REVERSE = """
DROP TRIGGER accounts_user_one_administration ON accounts_user;
DROP FUNCTION accounts_one_administration();
"""


class Migration(migrations.Migration):
    """The database writes which of the three an account was first, and keeps it."""

    dependencies = [("accounts", "0005_sessions_passkeys_recoveries_identities")]

    operations = [migrations.RunSQL(KEEP, REVERSE)]
