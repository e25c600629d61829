"""The ordinary day of a district of 100,000: visits made, planned, reminders asked, pages shown.

On a whole stack, as `make up` starts it. Beside it in the same run: for making, a bare COPY of the
same rows (limit) and a program that asks for each visit whether it is there and writes it alone
(naive); for pages, the answer of a page with nothing on it (limit).
"""

import argparse
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import psycopg

from backend.runtime.program import ROOT
from benchmarks import population, reminders
from benchmarks.figures import Figures, milliseconds, run, say
from benchmarks.planning import PLAN_LIMIT_S, a_planned_day
from benchmarks.stack import Stack, own_stack
from services.visits.planning.pyvrp_planner import PyvrpPlanner

REMINDED_S = 40
DAYS_AHEAD = 28
MADE_WITHIN_S = 240.0
LOOK_EVERY_S = 0.2
NAIVE_VISITS = 1_000
OPEN_CALLS = 20
EACH = 150
"""Requests a page is asked for."""
WARM = 5

OWED = (
    "SELECT count(*) FROM visits_careplan WHERE created_by = 'user:benchmark'"
    " AND (made_until IS NULL OR lease_token IS NOT NULL)"
)
"""Plans whose visits were not made yet."""
OURS = (
    "FROM visits_visit v JOIN visits_careplan p ON p.id = v.plan_id"
    " WHERE p.created_by = 'user:benchmark'"
)


def measure(arguments: argparse.Namespace) -> Figures:
    """One day; the plan and the reminders before the stack starts, so that each has the machine."""
    planned = a_planned_day(PyvrpPlanner(), visits=arguments.visits_a_plan, seed=0)
    reminded = reminders.measure(
        argparse.Namespace(a_minute=arguments.reminders_a_minute, seconds=REMINDED_S)
    )
    with own_stack() as stack, psycopg.connect(stack.database_url) as connection:
        people = population.settle(connection, arguments.residents)
        say(f"{people} residents live here")
        population.plan_care(connection, arguments.plans)
        made = _made(stack, connection, arguments.plans)
        say(f"{made['visits_made']} visits made in {made['made_28_days_s']} s")
        names = [user["username"] for user in stack.users("caregiver")]
        population.fill_days(connection, names)
        return {
            "residents": people,
            **made,
            **_made_otherwise(connection),
            "plan_200_visits_s": planned["plan_s"],
            "replan_200_s": planned["replan_s"],
            "plan_violations": planned["violations"],
            "plan_limit_s": PLAN_LIMIT_S,
            **reminded,
            **_pages(stack),
        }


def _made(stack: Stack, connection: psycopg.Connection, plans: int) -> Figures:
    """Have the worker make what the plans owe, and count what is there afterwards."""
    began = time.monotonic()
    _send(stack, "services.visits.tasks.make_visits")
    while _one(connection, OWED):
        if time.monotonic() - began > MADE_WITHIN_S:
            raise TimeoutError("the visits were not made")
        time.sleep(LOOK_EVERY_S)
    took = time.monotonic() - began
    visits = _one(connection, f"SELECT count(*) {OURS}")
    distinct = _one(connection, f"SELECT count(DISTINCT (v.resident_id, v.day)) {OURS}")
    return {
        "visits_made": visits,
        "made_28_days_s": round(took, 1),
        "doubles": visits - distinct,
        "missing": plans * DAYS_AHEAD - distinct,
    }


def _send(stack: Stack, task: str) -> None:
    """Ask the worker for a task now, as beat will some time."""
    command = (sys.executable, "-m", "celery", "-A", "backend.celery", "--quiet")
    subprocess.run(
        (*command, "call", "--queue", "heavy", task),
        env=dict(stack.environ),
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _made_otherwise(connection: psycopg.Connection) -> Figures:
    """The same rows by a bare COPY, and by a question and an INSERT each, scaled up."""
    wide = f"(SELECT v.* {OURS})"
    total = _one(connection, f"SELECT count(*) {OURS}")
    connection.execute("CREATE TABLE bench_limit (LIKE visits_visit INCLUDING ALL)")
    connection.commit()
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {wide} TO STDOUT") as copy:
            rows = b"".join(bytes(block) for block in copy)
        began = time.monotonic()
        with cursor.copy("COPY bench_limit FROM STDIN") as copy:
            copy.write(rows)
        connection.commit()
        limit = time.monotonic() - began
    with _naive_table(connection):
        columns = f"SELECT v.plan_id, v.occurs_on, v.id {OURS}"
        wanted = connection.execute(columns).fetchmany(NAIVE_VISITS)
        began = time.monotonic()
        for plan, day, visit in wanted:
            _make_naively(connection, plan, day, visit)
        naive = (time.monotonic() - began) * total / len(wanted)
    return {"limit_copy_s": round(limit, 1), "naive_made_28_days_s": round(naive, 1)}


@contextmanager
def _naive_table(connection: psycopg.Connection) -> Iterator[None]:
    connection.execute("TRUNCATE bench_limit")
    connection.commit()
    yield
    connection.execute("DROP TABLE bench_limit")
    connection.commit()


def _make_naively(
    connection: psycopg.Connection, plan: uuid.UUID, day: object, visit: uuid.UUID
) -> None:
    found = connection.execute(
        "SELECT 1 FROM bench_limit WHERE plan_id = %s AND occurs_on = %s", [plan, day]
    ).fetchone()
    if found is None:
        connection.execute(
            "INSERT INTO bench_limit SELECT * FROM visits_visit WHERE id = %s", [visit]
        )
    connection.commit()


def _pages(stack: Stack) -> Figures:
    """What people look at most on an ordinary day, with calls open; each on a line of its own."""
    _ring(stack)
    caregivers = [_api(stack, user) for user in stack.users("caregiver")]
    with _signed_in(stack, "operator") as operator, _signed_in(stack, "lead") as lead:
        return {
            "my_day_p95_ms": _p95(_in_turn(caregivers, "/api/v1/care/day/")),
            "desk_board_p95_ms": _p95(_in_turn([operator], "/desk/")),
            "day_board_p95_ms": _p95(_in_turn([lead], "/desk/visits/")),
            "zero_board_p95_ms": _p95(_in_turn([operator], "/desk/zero/")),
            "limit_empty_page_p95_ms": _p95(_in_turn([operator], "/healthz")),
        }


def _in_turn(clients: list[httpx.Client], path: str) -> Callable[[int], httpx.Response]:
    return lambda n: clients[n % len(clients)].get(path)


def _p95(ask: Callable[[int], httpx.Response]) -> float:
    """The p95 in ms, the first few requests of a process left out.

    Raises:
        RuntimeError: an answer was no page.
    """
    waits = []
    for n in range(WARM + EACH):
        began = time.perf_counter()
        answer = ask(n)
        waits.append(time.perf_counter() - began)
        if answer.status_code != httpx.codes.OK:
            raise RuntimeError(f"{answer.request.url}: {answer.status_code}")
    return milliseconds(waits[WARM:], 0.95)


def _api(stack: Stack, user: dict[str, Any]) -> httpx.Client:
    headers = {"Authorization": f"Bearer {user['api_token']}"}
    return httpx.Client(base_url=stack.run["http"], headers=headers, trust_env=False, timeout=30)


@contextmanager
def _signed_in(stack: Stack, role: str) -> Iterator[httpx.Client]:
    """A browser of somebody in a role, signed in by the demo's link."""
    [link, *_] = [user["sign_in_link"] for user in stack.users(role)]
    with httpx.Client(
        base_url=stack.run["http"], follow_redirects=True, trust_env=False, timeout=30
    ) as client:
        client.get(link).raise_for_status()
        yield client


def _ring(stack: Stack) -> None:
    """Press some buttons, so that the board has something on it."""
    with httpx.Client(base_url=stack.run["http"], trust_env=False, timeout=30) as client:
        for button in stack.buttons()[:OPEN_CALLS]:
            client.post(
                "/ingest/v1/observations",
                headers={"Authorization": f"Bearer {button['token']}"},
                json={"metric": "sos", "value": True, "id": uuid.uuid4().hex},
            ).raise_for_status()


def _one(connection: psycopg.Connection, query: str) -> int:
    row = connection.execute(query).fetchone()
    connection.commit()
    return int(row[0]) if row else 0


if __name__ == "__main__":
    run("day", measure, residents=100_000, plans=2_000, visits_a_plan=200, reminders_a_minute=1_000)
