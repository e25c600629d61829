from django.db import migrations

# They run as the owner of the tables, whoever calls them, and can do this one thing.
FUNCTIONS = """
CREATE FUNCTION devices_month_name(month date) RETURNS text LANGUAGE sql STABLE
SET search_path = public, pg_temp
RETURN 'devices_reading_y' || to_char(month, 'YYYY') || 'm' || to_char(month, 'MM');

CREATE FUNCTION devices_make_month(month date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  first timestamp := date_trunc('month', month);
BEGIN
  EXECUTE format(
    'CREATE TABLE %I PARTITION OF devices_reading FOR VALUES FROM (%L) TO (%L)',
    devices_month_name(month),
    first AT TIME ZONE 'UTC',
    (first + interval '1 month') AT TIME ZONE 'UTC'
  );
END $$;

CREATE FUNCTION devices_drop_month(month date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  EXECUTE format('DROP TABLE %I', devices_month_name(month));
END $$;
"""
REVERSE = """
DROP FUNCTION devices_drop_month(date);
DROP FUNCTION devices_make_month(date);
DROP FUNCTION devices_month_name(date);
"""


class Migration(migrations.Migration):
    """Months of readings are made and dropped by functions, for a role that owns nothing."""

    dependencies = [("devices", "0006_claim_codes_are_kept")]

    operations = [migrations.RunSQL(FUNCTIONS, REVERSE)]
