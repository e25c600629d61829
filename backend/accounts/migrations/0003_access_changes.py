"""The database itself says when somebody's access changes, whichever way it was changed."""

from django.db import migrations

TELL = """
CREATE FUNCTION accounts_tell_access() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed jsonb := CASE TG_OP WHEN 'INSERT' THEN to_jsonb(NEW) ELSE to_jsonb(OLD) END;
BEGIN
  PERFORM pg_notify('access_changed', 'user:' || (changed ->> TG_ARGV[0]));
  RETURN NULL;
END $$;
CREATE FUNCTION accounts_tell_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify(
    'access_changed',
    'session:' || encode(sha256(convert_to(OLD.session_key, 'UTF8')), 'hex')
  );
  RETURN NULL;
END $$;
CREATE TRIGGER accounts_user_access AFTER UPDATE ON accounts_user FOR EACH ROW
WHEN ((OLD.role, OLD.area_id, OLD.is_active, OLD.resident_id, OLD.caregiver_id)
  IS DISTINCT FROM (NEW.role, NEW.area_id, NEW.is_active, NEW.resident_id, NEW.caregiver_id))
EXECUTE FUNCTION accounts_tell_access('id');
CREATE TRIGGER accounts_user_gone AFTER DELETE ON accounts_user FOR EACH ROW
EXECUTE FUNCTION accounts_tell_access('id');
CREATE TRIGGER accounts_token_access AFTER UPDATE ON accounts_accesstoken FOR EACH ROW
WHEN ((OLD.revoked_at, OLD.expires_at) IS DISTINCT FROM (NEW.revoked_at, NEW.expires_at))
EXECUTE FUNCTION accounts_tell_access('user_id');
CREATE TRIGGER accounts_token_gone AFTER DELETE ON accounts_accesstoken FOR EACH ROW
EXECUTE FUNCTION accounts_tell_access('user_id');
CREATE TRIGGER accounts_contacts_access AFTER INSERT OR DELETE ON accounts_user_contacts
FOR EACH ROW EXECUTE FUNCTION accounts_tell_access('user_id');
CREATE TRIGGER accounts_session_access AFTER UPDATE ON django_session FOR EACH ROW
WHEN (OLD.session_data IS DISTINCT FROM NEW.session_data)
EXECUTE FUNCTION accounts_tell_session();
CREATE TRIGGER accounts_session_gone AFTER DELETE ON django_session FOR EACH ROW
EXECUTE FUNCTION accounts_tell_session();
"""
REVERSE = """
DROP TRIGGER accounts_session_gone ON django_session;
DROP TRIGGER accounts_session_access ON django_session;
DROP TRIGGER accounts_contacts_access ON accounts_user_contacts;
DROP TRIGGER accounts_token_gone ON accounts_accesstoken;
DROP TRIGGER accounts_token_access ON accounts_accesstoken;
DROP TRIGGER accounts_user_gone ON accounts_user;
DROP TRIGGER accounts_user_access ON accounts_user;
DROP FUNCTION accounts_tell_session();
DROP FUNCTION accounts_tell_access();
"""


class Migration(migrations.Migration):
    """Revoked tokens, ended sessions, changed roles and areas give a hint at their commit."""

    dependencies = [
        ("accounts", "0002_sign_in_codes_and_limits"),
        ("sessions", "0001_initial"),
    ]

    operations = [migrations.RunSQL(TELL, REVERSE)]
