"""After a test that commits: the tables that it filled are emptied, the others left alone.

Django's own way truncates every table and makes all permissions anew, which takes most of a second;
few tests fill more than ten tables of far over a hundred.
"""

from django.db import connection
from django.test import TransactionTestCase

EMPTY = """
DO $$
DECLARE
  filled regclass;
  is_filled boolean;
BEGIN
  SET LOCAL session_replication_role = replica;  -- no trigger, no foreign key: all of it goes
  FOR filled IN
    SELECT oid FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
      AND relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
  LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %s)', filled) INTO is_filled;
    IF is_filled THEN
      EXECUTE format('DELETE FROM %s', filled);
    END IF;
  END LOOP;
END $$
"""


def empty_what_was_filled(_case: TransactionTestCase) -> None:
    """Leave the database as it was made, but for the rows of migrations."""
    with connection.cursor() as cursor:
        cursor.execute(EMPTY)


def install() -> None:
    """Have tests that commit end so."""
    TransactionTestCase._fixture_teardown = empty_what_was_filled  # type: ignore[attr-defined]
