"""A district of 100,000 residents and four weeks of visits, cloned in SQL from the demo's.

The demo draws 2,000 people one by one; the rest are theirs again with identifiers of their own and
without telephones, so that nobody is rung. A ciphertext is bound to its table and column, not to
its row, so clones read as the originals do.
"""

import uuid
from collections.abc import Iterable, Mapping

import psycopg
from psycopg import sql

from backend.core import crypto

Row = Mapping[str, str]
"""Columns that differ from the original, as SQL expressions."""

NOBODYS = {
    "phone": "''",
    "phone_index": "''",
    "second_phone": "''",
    "second_phone_index": "''",
    "id_number": "''",
    "id_number_index": "''",
    "ok_at": "NULL",
}
MADE_BY = "'user:benchmark'"
"""As SQL."""
VISITS_A_CARER = 9
"""On a caregiver's day (DESIGN: 300 caregivers make 2,000 visits a day, some make more)."""


def settle(connection: psycopg.Connection, residents: int) -> int:
    """Let as many people live in the district; returns how many do."""
    there = _count(connection, "people_resident")
    rounds = max(0, -(-(residents - there) // there))
    connection.execute(
        "CREATE TEMP TABLE settled AS SELECT h.id AS home, gen_random_uuid() AS new_home, n"
        " FROM people_household h, generate_series(1, %s) n",
        [rounds],
    )
    _clone(
        connection,
        "people_household",
        {"id": "settled.new_home"},
        "JOIN settled ON settled.home = t.id",
    )
    connection.execute(
        "CREATE TEMP TABLE newcomers AS SELECT r.id AS person, gen_random_uuid() AS new_person,"
        " s.new_home FROM people_resident r JOIN settled s ON s.home = r.household_id LIMIT %s",
        [max(0, residents - there)],
    )
    _clone(
        connection,
        "people_resident",
        {"id": "newcomers.new_person", "household_id": "newcomers.new_home", **NOBODYS},
        "JOIN newcomers ON newcomers.person = t.id",
    )
    connection.execute("ANALYZE people_household, people_resident")
    connection.commit()
    return _count(connection, "people_resident")


def plan_care(connection: psycopg.Connection, plans: int) -> None:
    """Give so many newcomers a visit a day from tomorrow on, due to be made now."""
    connection.execute(
        "CREATE TEMP TABLE cared AS SELECT new_person FROM newcomers"
        " JOIN people_resident r ON r.id = new_person WHERE r.life_state = 'home' LIMIT %s",
        [plans],
    )
    _clone(
        connection,
        "visits_careplan",
        {
            "id": "gen_random_uuid()",
            "resident_id": "cared.new_person",
            "rule": "'FREQ=DAILY'",
            "except_on": "'{}'",
            "starts_on": "(now() AT TIME ZONE 'Asia/Shanghai')::date + 1",
            "ends_on": "NULL",
            "made_until": "NULL",
            "due_at": "now()",
            "lease_until": "NULL",
            "lease_token": "NULL",
            "created_by": MADE_BY,
        },
        "CROSS JOIN cared WHERE t.id ="
        " (SELECT id FROM visits_careplan WHERE ended_at IS NULL ORDER BY id LIMIT 1)",
    )
    connection.commit()


def fill_days(connection: psycopg.Connection, usernames: list[str]) -> None:
    """Give the caregivers of these accounts a whole day today, off the clock."""
    connection.execute(
        "CREATE TEMP TABLE busy AS SELECT v.id AS visit, gen_random_uuid() AS new_visit,"
        " c.caregiver, c.n FROM (SELECT caregiver_id AS caregiver, n, row_number() OVER () AS place"
        " FROM accounts_user, generate_series(1, %s) n WHERE username = ANY(%s)) c JOIN"
        " (SELECT id, row_number() OVER () AS place FROM visits_visit WHERE plan_id IN"
        " (SELECT id FROM visits_careplan WHERE created_by = 'user:benchmark')) v USING (place)",
        [VISITS_A_CARER, usernames],
    )
    today = "(now() AT TIME ZONE 'Asia/Shanghai')::date"
    begins = f"({today} + make_interval(hours => 7 + busy.n)) AT TIME ZONE 'Asia/Shanghai'"
    _clone(
        connection,
        "visits_visit",
        {
            "id": "busy.new_visit",
            "plan_id": "NULL",
            "occurs_on": today,
            "day": today,
            "window_starts_at": begins,
            "window_ends_at": f"{begins} + interval '30 min'",
            "planned_at": begins,
            "state": "'assigned'",
            "unserved": "''",
            "due_at": "NULL",
        },
        "JOIN busy ON busy.visit = t.id",
    )
    connection.execute(
        "INSERT INTO visits_visitcarer"
        " (visit_id, caregiver_id, assigned_at, assigned_by, turned_down)"
        " SELECT new_visit, caregiver, now(), 'user:benchmark', false FROM busy"
    )
    connection.commit()
    connection.execute("ANALYZE visits_visit, visits_visitcarer")
    connection.commit()


def _clone(connection: psycopg.Connection, table: str, other: Row, source: str) -> None:
    """Insert rows of a table anew; `source` follows `FROM table t`."""
    found = connection.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND table_schema = 'public' ORDER BY ordinal_position",
        [table],
    )
    names = [name for (name,) in found]
    values = [
        sql.SQL(other[name]) if name in other else sql.Identifier("t", name) for name in names
    ]
    connection.execute(
        sql.SQL("INSERT INTO {table} ({names}) SELECT {values} FROM {table} t {source}").format(
            table=sql.Identifier(table),
            names=sql.SQL(", ").join(map(sql.Identifier, names)),
            values=sql.SQL(", ").join(values),
            source=sql.SQL(source),
        )
    )


def _count(connection: psycopg.Connection, table: str) -> int:
    row = connection.execute(
        sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
    ).fetchone()
    return int(row[0]) if row else 0


def copy_people(connection: psycopg.Connection, grids: list[int], residents: int) -> None:
    """Bring the number of residents up to so many by COPY, spread evenly over areas.

    What is encrypted is made once and is the same for all, as it costs the most to make and
    nothing that is measured looks at it; nobody has a telephone.
    """
    there = _count(connection, "people_resident")
    newcomers = [(uuid.uuid4().hex, grids[n % len(grids)], n) for n in range(there, residents)]
    sealed = {
        field: crypto.encrypt("—", context=f"people_{field}")
        for field in ("resident.conditions", "resident.allergies", "resident.responder_notes")
    }
    code = crypto.encrypt("1357#", context="people_household.door_code")
    first = _next_address(connection)
    _copy(
        connection,
        "places_address (id, area_id, text, lat, lon, datum, position_source, search_text)",
        (
            f"{first + n}\t{grid}\tLane {n}\t31.57\t120.3\twgs84\t\tlane {n}\n"
            for n, grid in enumerate(grids)
        ),
    )
    _copy(
        connection,
        "people_household (id, address_id, door_code, key_holder, entry_notes)",
        (f"{key}\t{first + n % len(grids)}\t{code}\t\t\n" for key, _, n in newcomers),
    )
    _copy(
        connection,
        "people_resident (id, household_id, area_id, name, birth_date, sex, id_number,"
        " id_number_index, phone, phone_index, second_phone, second_phone_index, language, dialect,"
        " living, mobility, conditions, allergies, medicines, responder_notes, life_state,"
        " after_death)",
        (
            f"{uuid.uuid4().hex}\t{key}\t{grid}\t{_name(n)}\t1940-01-01\tfemale"
            + "\t" * 7
            + "zh-hans\tmandarin\t{alone}\twalks\t"
            + f"{sealed['resident.conditions']}\t{sealed['resident.allergies']}\t\t"
            + f"{sealed['resident.responder_notes']}\thome\tkin\n"
            for key, grid, n in newcomers
        ),
    )
    connection.commit()
    _settle(connection, "places_address", "people_household", "people_resident")


def _settle(connection: psycopg.Connection, *tables: str) -> None:
    """Do what a bulk load leaves to the vacuum, so that no reader pays for it."""
    every_statement_alone = connection.autocommit
    connection.autocommit = True
    connection.execute(f"VACUUM ANALYZE {', '.join(tables)}")
    connection.execute("CHECKPOINT")
    connection.autocommit = every_statement_alone


def _copy(connection: psycopg.Connection, into: str, lines: Iterable[str]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for line in lines:
            copy.write(line)


def _next_address(connection: psycopg.Connection) -> int:
    row = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM places_address").fetchone()
    return int(row[0]) if row else 1


def _name(number: int) -> str:
    """A name that few share: three signs, in no order."""
    mixed = number * 2_654_435_761 % 2**32
    return "".join(chr(0x4E00 + mixed // 6_000**place % 6_000) for place in range(2)) + "英"
