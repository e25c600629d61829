"""The part of `benchmarks.importing` that has the database: the tables, and what became of them."""

import argparse
import csv
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import django

django.setup()

# The settings have to be read before any model is.
import psycopg  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from openpyxl import Workbook  # noqa: E402
from psycopg import sql  # noqa: E402

from backend.accounts.models import Role, User  # noqa: E402
from backend.core import clock  # noqa: E402
from backend.people import actions as people  # noqa: E402
from backend.people import phones  # noqa: E402
from backend.people.identity import check_sign  # noqa: E402
from backend.people.models import Resident  # noqa: E402
from backend.places.models import Area  # noqa: E402
from benchmarks import population  # noqa: E402
from benchmarks.figures import Figures, run, say  # noqa: E402

Table = Sequence[Sequence[str]]

HEADING = (
    *("姓名", "身份证号", "电话", "地址", "网格", "居住情况", "门禁密码"),
    *("联系人1姓名", "联系人1关系", "联系人1电话"),
    *("联系人2姓名", "联系人2关系", "联系人2电话"),
)
GRIDS = 20
WRONG_EVERY = 50
"""Rows whose identity number cannot be right."""
NAIVE_ROWS = 200
TABLES = {
    "places_address": "address_id",
    "people_household": "household_id",
    "people_resident": "resident_id",
    "people_lifeperiod": "resident_id",
    "people_contact": "resident_id",
}
"""What a resident brings with them, and the column of `recent` by which it is found."""
KEYS = {"people_lifeperiod": "resident_id", "people_contact": "resident_id"}
"""The column that column is compared with, where it is not the table's own key."""
SAID = re.compile(r"(\d+) new, (\d+) would change, (\d+) the same, (\d+) refused")
LEAD = "lead"


def measure(arguments: argparse.Namespace) -> Figures:
    """Each form once as a dry run and once for good; then again, and with other words in it."""
    call_command("migrate", verbosity=0)
    areas = _areas()
    first, second = (_rows(arguments.rows, areas, series) for series in (1, 2))
    wrong = -(-arguments.rows // WRONG_EVERY)
    with tempfile.TemporaryDirectory() as folder, psycopg.connect(settings.ENV.database_url) as db:
        _settle(db, areas[0], arguments.residents)
        table, book = Path(folder) / "residents.csv", Path(folder) / "residents.xlsx"
        other = Path(folder) / "other.csv"
        _write_csv(table, first)
        _write_book(book, second)
        _write_csv(other, [("陈改名", *row[1:]) for row in first])
        empty = _fingerprint(db)
        csv_read, csv_dry_s = _command(table)
        written_by_dry_run = int(_fingerprint(db) != empty)
        _, csv_s = _command(table, "--apply")
        enrolled = _fingerprint(db)
        again, again_s = _command(table, "--apply")
        changed_by_again = int(_fingerprint(db) != enrolled)
        otherwise, _ = _command(other, "--apply")
        overwritten = int(_fingerprint(db) != enrolled)
        _, xlsx_dry_s = _command(book)
        _, xlsx_s = _command(book, "--apply")
        return {
            "rows": arguments.rows,
            "residents": arguments.residents,
            "enrolled": Resident.objects.count() - arguments.residents,
            "csv_dry_run_s": csv_dry_s,
            "csv_import_s": csv_s,
            "csv_again_s": again_s,
            "xlsx_dry_run_s": xlsx_dry_s,
            "xlsx_import_s": xlsx_s,
            "wrong_rows_not_refused": wrong - csv_read[3],
            "written_by_dry_run": written_by_dry_run,
            "not_known_again": arguments.rows - wrong - again[2],
            "changed_by_again": changed_by_again,
            "changes_not_said": arguments.rows - wrong - otherwise[1],
            "overwritten_unasked": overwritten,
            "limit_copy_s": _copy_s(db, arguments.rows),
            "naive_row_by_row_s": _naive_s(arguments.rows, areas),
        }


def _areas() -> list[Area]:
    district = Area.objects.create(level="district", code="1", path="1.", name="区")
    User.objects.create_user(LEAD, role=Role.LEAD, area=district)
    return Area.objects.bulk_create(
        Area(
            parent=district,
            level="grid",
            code=str(n),
            path=f"1.{n}.",
            name=f"第{n}网格",
            office_lat=31.57,
            office_lon=120.3,
        )
        for n in range(1, GRIDS + 1)
    )


def _settle(db: psycopg.Connection, area: Area, residents: int) -> None:
    """Let so many live here, with telephones of their own."""
    now = clock.now()
    home = people.create_household(area=area, address="惠河路1号", by="user:1", now=now)
    people.enrol_resident(household=home, details={"name": "周慧芳"}, by="user:1", now=now)
    say(f"{population.settle(db, residents)} residents live here")
    db.execute("UPDATE people_resident SET phone_index = md5(id::text) WHERE phone_index = ''")
    db.execute("ANALYZE people_resident")
    db.commit()


def _rows(count: int, areas: Sequence[Area], series: int) -> list[list[str]]:
    return [
        [
            f"王秀{n}",
            _id_number(series, n) if n % WRONG_EVERY else "没有带来",
            f"+861{series + 2}{n:09d}",
            f"长江路{series}{n // 2}号101",
            areas[n % GRIDS // 2].name,
            "独居",
            "1357#",
            *("王丽", "女儿", f"+861{series + 5}{n:09d}"),
            *("王强", "儿子", f"+861{series + 5}{n + count:09d}"),
        ]
        for n in range(count)
    ]


def _id_number(series: int, n: int) -> str:
    first = (
        f"32020{series}19{40 + n // 900 % 20}{n // 28 % 9 + 1:02d}{n % 28 + 1:02d}{n % 1000:03d}"
    )
    return first + check_sign(first)


def _write_csv(path: Path, rows: Table) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows((HEADING, *rows))


def _write_book(path: Path, rows: Table) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in (HEADING, *rows):
        sheet.append(row)
    book.save(path)


def _command(table: Path, *further: str) -> tuple[list[int], float]:
    """What the command says (new, would change, same, refused), and the seconds it took."""
    command = (sys.executable, "manage.py", "import_residents", str(table), "--as", LEAD, *further)
    began = time.monotonic()
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True, check=True
    )
    took = round(time.monotonic() - began, 1)
    found = SAID.search(done.stdout)
    if found is None:
        raise RuntimeError(done.stdout[-500:])
    say(f"{' '.join((table.name, *further))}: {found.group()} in {took} s")
    return [int(number) for number in found.groups()], took


def _fingerprint(db: psycopg.Connection) -> list[object]:
    """Something of all rows about people that any change to one of them changes."""
    query = sql.SQL("SELECT count(*), sum(hashtext(t::text)) FROM {} t")
    found: list[object] = [
        db.execute(query.format(sql.Identifier(table))).fetchone() for table in TABLES
    ]
    db.commit()
    return found


def _copy_s(db: psycopg.Connection, count: int) -> float:
    """The limit: so many residents and what belongs to them, by COPY into tables like ours."""
    took = 0.0
    db.execute(
        "CREATE TEMP TABLE recent AS SELECT r.id AS resident_id, r.household_id, h.address_id"
        " FROM people_resident r JOIN people_household h ON h.id = r.household_id"
        " ORDER BY r.id DESC LIMIT %s",
        [count],
    )
    with db.cursor() as cursor:
        for table, known_by in TABLES.items():
            names = {
                "table": sql.Identifier(table),
                "key": sql.Identifier(KEYS.get(table, "id")),
                "known_by": sql.Identifier(known_by),
            }
            like = sql.SQL("CREATE TEMP TABLE limited (LIKE {table} INCLUDING ALL)")
            cursor.execute(like.format(**names))
            out = sql.SQL(
                "COPY (SELECT * FROM {table} WHERE {key} IN (SELECT {known_by} FROM recent))"
                " TO STDOUT"
            )
            with cursor.copy(out.format(**names)) as copy:
                rows = b"".join(bytes(block) for block in copy)
            began = time.monotonic()
            with cursor.copy("COPY limited FROM STDIN") as copy:
                copy.write(rows)
            took += time.monotonic() - began
            cursor.execute("DROP TABLE limited")
    db.rollback()
    return round(took, 2)


def _naive_s(count: int, areas: Sequence[Area]) -> float:
    """The naive peer: each looked up and enrolled alone; some of them, scaled up."""
    rows = _rows(NAIVE_ROWS, areas, 3)
    began = time.monotonic()
    for n, row in enumerate(rows):
        if not Resident.objects.filter(phone_index=phones.index(row[2]), name=row[0]).exists():
            _enrol(row, areas[n % len(areas)])
    return round((time.monotonic() - began) * count / NAIVE_ROWS, 1)


def _enrol(row: Sequence[str], area: Area) -> None:
    now = clock.now()
    entry = {"door_code": row[6]}
    home = people.create_household(area=area, address=row[3], entry=entry, by="user:1", now=now)
    details = {"name": row[0], "phone": row[2], "living": ["alone"]}
    resident = people.enrol_resident(household=home, details=details, by="user:1", now=now)
    for place in (7, 10):
        name, phone = row[place], row[place + 2]
        people.add_contact(
            resident=resident, name=name, relation="son", phone=phone, by="user:1", now=now
        )


if __name__ == "__main__":
    run("importing_within", measure, rows=5_000, residents=100_000)
