"""The application's role in the database, as the application really has it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg
import pytest
from django.db import connection
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.errors import InsufficientPrivilege

from backend.audit import sealing
from backend.audit.models import AuditRow, Seal
from backend.runtime import checks, roles
from backend.runtime.errors import RoleMissing
from devices import readings
from tests.backend.audit.battery import write_rows
from tests.builders import NOON, a_resident

pytestmark = pytest.mark.django_db

REWRITE = """
CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql
AS 'BEGIN RETURN OLD; END'
"""


def url(user: str) -> str:
    """How a role reaches the tests' database."""
    here = connection.settings_dict
    return make_conninfo(host=here["HOST"], dbname=here["NAME"], user=user)


@contextmanager
def connected(user: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with closing(psycopg.connect(url(user), autocommit=True)) as own:
        yield own


@pytest.fixture(scope="module")
def application(django_db_setup: None) -> Iterator[str]:
    """A role as `manage.py migrate` makes it."""
    owner, name = connection.settings_dict["USER"], f"app_of_{connection.settings_dict['NAME']}"
    with connected(owner) as own:
        assert roles.grant(own, url(name))
        yield name
        own.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(name)))
        own.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE audit_auditrow SET actor = 'user:99'",
        "DELETE FROM audit_auditrow",
        "TRUNCATE audit_auditrow",
        "ALTER TABLE audit_auditrow DISABLE TRIGGER audit_append_only",
        "ALTER TABLE audit_auditrow DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_append_only ON audit_auditrow",
        "DROP TRIGGER audit_wants_seal ON audit_auditrow",
        "DROP TABLE audit_auditrow",
        "ALTER TABLE audit_auditrow RENAME TO gone",
        "DROP FUNCTION audit_is_append_only CASCADE",
        REWRITE,
        "UPDATE audit_seal SET hash = ''",
        "DELETE FROM audit_seal",
        "TRUNCATE audit_seal",
        "INSERT INTO audit_cut SELECT * FROM audit_cut",
        "SET session_replication_role = replica",
        "CREATE TABLE audit_row_of_mine ()",
        "DELETE FROM django_migrations",
    ],
)
def test_the_application_can_only_add_to_the_audit(application: str, attempt: str) -> None:
    with connected(application) as own, pytest.raises(InsufficientPrivilege):
        own.execute(attempt.encode())


def test_the_application_does_its_work(application: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'SET LOCAL ROLE "{application}"')
    resident = a_resident()
    write_rows(2)
    assert sealing.seal_committed() == 2
    readings.ensure_partitions(NOON)
    resident.delete()
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")

    assert (AuditRow.objects.count(), Seal.objects.count()) == (2, 2)


def test_a_deployment_is_warned_while_the_application_owns_the_audit(application: str) -> None:
    assert [message.id for message in checks.check_owner()] == ["yian.W010"]
    with connection.cursor() as cursor:
        cursor.execute(f'SET LOCAL ROLE "{application}"')
    assert checks.check_owner() == []


def test_where_the_owner_is_the_application_nothing_is_granted() -> None:
    owner = connection.settings_dict["USER"]
    with connected(owner) as own:
        assert not roles.grant(own, url(owner))


def test_an_owner_that_may_make_no_role_says_which_one_is_missing(application: str) -> None:
    with connected(application) as own, pytest.raises(RoleMissing, match="CREATE ROLE nobody_yet"):
        roles.grant(own, url("nobody_yet"))
