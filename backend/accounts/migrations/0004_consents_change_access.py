"""Whoever gives or takes back a consent changes what the family's open pages may show."""

from django.db import migrations

TELL = """
CREATE FUNCTION accounts_tell_consent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('access_changed', 'user:' || theirs.user_id)
  FROM accounts_user_contacts AS theirs
  JOIN people_contact AS contact ON contact.id = theirs.contact_id
  WHERE contact.resident_id = NEW.resident_id;
  RETURN NULL;
END $$;
CREATE TRIGGER accounts_consent_access AFTER INSERT OR UPDATE ON people_consent
FOR EACH ROW EXECUTE FUNCTION accounts_tell_consent();
"""
REVERSE = """
DROP TRIGGER accounts_consent_access ON people_consent;
DROP FUNCTION accounts_tell_consent();
"""


class Migration(migrations.Migration):
    """A hint at the commit of a consent, to each account that is a contact of the resident."""

    dependencies = [
        ("accounts", "0003_access_changes"),
        ("people", "0002_consents_and_life_periods"),
    ]

    operations = [migrations.RunSQL(TELL, REVERSE)]
