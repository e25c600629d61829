"""The application's role in the database: what it may do, granted by the owner of the tables.

It reads and writes everything but the audit, to which it only adds; it makes, changes and drops
nothing (OWASP ASVS 5.0, 16.4.2; GB/T 22239-2019, 8.1.4.3 c).
"""

from psycopg import Connection, sql
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import InsufficientPrivilege

from backend.runtime.errors import RoleMissing

Owner = Connection[tuple[object, ...]]

APPEND_ONLY = {
    "audit_auditrow": "SELECT, INSERT",
    "audit_seal": "SELECT, INSERT",
    "audit_cut": "SELECT",
    "audit_unsealed": "SELECT, INSERT, DELETE",
    "django_migrations": "SELECT",
}
"""Tables of which the application has less than the whole of reading and writing."""

_EVERYTHING = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role}",
)


def grant(owner: Owner, application_url: str) -> bool:
    """Give the application's role what it needs, making the role if it is missing.

    Does nothing, and returns False, where the application is the owner itself.

    Raises:
        RoleMissing: there is no such role, and the owner may make none.
    """
    login = conninfo_to_dict(application_url)
    name, password = str(login.get("user", "")), login.get("password")
    if not name or name == owner.info.user:
        return False
    with owner.transaction():
        _ensure_role(owner, name, str(password) if password else None)
        role = sql.Identifier(name)
        for statement in _EVERYTHING:
            owner.execute(sql.SQL(statement).format(role=role))
        for table, rights in APPEND_ONLY.items():
            _restrict(owner, role, table, rights)
    return True


def _ensure_role(owner: Owner, name: str, password: str | None) -> None:
    if owner.execute("SELECT FROM pg_roles WHERE rolname = %s", [name]).fetchone() is not None:
        return
    make = sql.SQL("CREATE ROLE {} NOSUPERUSER NOCREATEDB NOCREATEROLE LOGIN PASSWORD {}")
    try:
        owner.execute(make.format(sql.Identifier(name), sql.Literal(password)))
    except InsufficientPrivilege as error:
        raise RoleMissing(name) from error


def _restrict(owner: Owner, role: sql.Identifier, table: str, rights: str) -> None:
    if owner.execute("SELECT to_regclass(%s)", [table]).fetchone() == (None,):
        return
    place = sql.Identifier(table)
    owner.execute(sql.SQL("REVOKE ALL ON {} FROM {}").format(place, role))
    owner.execute(sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(rights), place, role))
