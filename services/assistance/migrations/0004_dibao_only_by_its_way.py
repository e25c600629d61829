"""低保 is in force only after application, investigation and confirmation, whoever writes it.

Source: 民发〔2021〕57号, article 28. A check constraint sees one row; this looks at those beside it.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION assistance_dibao_by_its_way() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.benefit IN ('dibao', 'dibao_edge') AND NEW.entitled_from IS NOT NULL AND NOT (
    NEW.accepted_at IS NOT NULL
    AND EXISTS (SELECT 1 FROM assistance_homevisit
                WHERE case_id = NEW.id AND done_at IS NOT NULL)
    AND EXISTS (SELECT 1 FROM assistance_opinion
                WHERE case_id = NEW.id AND kind = 'grant' AND outcome = 'confirmed'
                  AND confirmed_by_id IS NOT NULL AND confirmed_by_id <> written_by_id)
  ) THEN
    RAISE EXCEPTION 'no entry without application, investigation and confirmation'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'dibao_by_its_way';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER dibao_by_its_way BEFORE INSERT OR UPDATE OF benefit, state, entitled_from
  ON assistance_assistancecase FOR EACH ROW EXECUTE FUNCTION assistance_dibao_by_its_way();
"""
BACK = """
DROP TRIGGER dibao_by_its_way ON assistance_assistancecase;
DROP FUNCTION assistance_dibao_by_its_way();
"""


class Migration(migrations.Migration):
    dependencies = [("assistance", "0003_offers_and_ability")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
