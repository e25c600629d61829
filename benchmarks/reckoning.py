"""What remains of a drill: the calls in the database, and what the provider was asked for."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import httpx
import psycopg
from psycopg.rows import namedtuple_row

from benchmarks.figures import say
from benchmarks.kills import Kill
from benchmarks.stack import Stack

PAGE_SIZE = 1000
SENDING_S = 25.0
"""As long as one request to the provider can take, and writing down how it went."""
WRITTEN_WITHIN_S = 30.0
CUTTING = frozenset({"tick", "postgres"})
"""Whose deaths can cut off an attempt: who makes it, and where it is written down."""
CRASH = "lost"
"""The code of an attempt whose engine stopped, or lost its lease, before the outcome was known."""
NO_ANSWER = "unknown"
"""The code of an attempt that the provider did not answer in time, although it may have done it."""
ENDED = frozenset(
    {"failed", "no_answer", "busy", "canceled", "undelivered", "completed", "delivered", "read"}
)

CALLS = """
SELECT resident_id::text AS resident, count(*) AS calls, sum(presses) AS presses
FROM emergencies_emergencycall WHERE resident_id = ANY(%s::uuid[]) GROUP BY resident_id
"""
NOT_RUNG = """
SELECT count(*) AS telephones FROM notifications_delivery d
WHERE d.step_run = '1.0' AND d.failure <> 'no_route' AND d.resident_id = ANY(%s::uuid[])
AND NOT EXISTS (
  SELECT FROM notifications_attempt a WHERE a.delivery_id = d.id AND a.provider_id <> ''
)
"""
STEPS = """
SELECT extract(epoch FROM owed_at)::float AS owed_at, extract(epoch FROM run_at)::float AS run_at
FROM emergencies_steprun WHERE NOT (round = 1 AND step = 0)
"""
ATTEMPTS = """
SELECT delivery_id, number, state, provider_id, error_code, started_at
FROM notifications_attempt ORDER BY delivery_id, number
"""


@dataclass(frozen=True)
class Calls:
    """What became of the alarms."""

    lost: int
    """Alarms without a call."""
    doubled: int
    """More calls, or more presses counted, than buttons pressed."""


@dataclass(frozen=True)
class Duplicates:
    """Requests to the provider beyond one a delivery, by what explains them."""

    requests: int
    explained: int
    """By a kill within the attempt before."""
    unanswered: int = 0
    """By a provider that did what it was asked and did not say so in time: no crash of ours."""
    unexplained: int = 0


def _rows(stack: Stack, query: str, *values: object) -> list[Any]:
    with psycopg.connect(stack.database_url, row_factory=namedtuple_row) as connection:
        return connection.execute(query, values or None).fetchall()


def calls(stack: Stack, residents: Sequence[str]) -> Calls:
    """Every alarm has a call, and only one."""
    found = {row.resident: row for row in _rows(stack, CALLS, list(residents))}
    return Calls(
        lost=len(set(residents) - set(found)),
        doubled=sum(max(row.calls, row.presses) - 1 for row in found.values()),
    )


def not_rung(stack: Stack, residents: Sequence[str]) -> int:
    """How many residents have a telephone that was not rung yet."""
    [row] = _rows(stack, NOT_RUNG, list(residents))
    return int(row.telephones)


def step_lags_s(stack: Stack, *, without: Sequence[tuple[float, float]] = ()) -> list[float]:
    """How late each step of a ladder was taken, the one with the press itself left out.

    `without` are times; steps that were due or waited in one of them do not count.
    """
    return [
        row.run_at - row.owed_at
        for row in _rows(stack, STEPS)
        if not any(row.owed_at <= until and row.run_at >= since for since, until in without)
    ]


def duplicates(stack: Stack, killed: Sequence[Kill]) -> Duplicates:
    """Compare what the provider was asked for with the attempts that were written down.

    Each request has to be an attempt of ours, known by the provider's name for it. A delivery is
    attempted again only after an attempt that ended without reaching anybody, or after one that a
    kill cut off in the middle; that one is explained if the provider had taken it all the same.
    """
    requests = list(_requests(stack))
    return judged(requests, _attempts_at(stack, set(requests)), killed)


def judged(requests: Sequence[str], attempts: Sequence[Any], killed: Sequence[Kill]) -> Duplicates:
    """The requests and attempts (by delivery and number) compared; what is strange is said."""
    ours = {attempt.provider_id for attempt in attempts}
    strange = [f"request {sid} is no attempt of ours" for sid in requests if sid not in ours]
    explained = unanswered = 0
    for attempt, following in pairwise(attempts):
        if attempt.delivery_id != following.delivery_id or not attempt.provider_id:
            continue
        if attempt.error_code == CRASH and _was_cut_off(attempt.started_at, killed):
            explained += 1
        elif attempt.error_code == NO_ANSWER:
            unanswered += 1
        elif attempt.error_code == CRASH or (attempt.state not in ENDED and not attempt.error_code):
            strange.append(f"{attempt} was followed by {following}; killed: {killed}")
    for each in strange:
        say(each)
    return Duplicates(len(requests), explained, unanswered, len(strange))


def _attempts_at(stack: Stack, requests: set[str]) -> list[Any]:
    """All attempts, when the last of the requests has been written down as one."""
    give_up_at = time.monotonic() + WRITTEN_WITHIN_S
    while True:
        attempts = _rows(stack, ATTEMPTS)
        written = {attempt.provider_id for attempt in attempts}
        if requests <= written or time.monotonic() > give_up_at:
            return attempts
        time.sleep(1)


def _was_cut_off(started_at: datetime, killed: Sequence[Kill]) -> bool:
    began = started_at.timestamp()
    return any(
        began - 1 <= kill.at <= began + SENDING_S for kill in killed if kill.victim in CUTTING
    )


def _requests(stack: Stack) -> Iterator[str]:
    """The names of all calls and texts that the provider was asked for."""
    account = stack.environ["TWILIO_ACCOUNT_SID"]
    signed_in = (account, stack.environ["TWILIO_AUTH_TOKEN"])
    base = stack.environ["TWILIO_API_BASE"]
    with httpx.Client(base_url=base, auth=signed_in, trust_env=False, timeout=20) as client:
        for kind in ("Calls", "Messages"):
            path = f"/2010-04-01/Accounts/{account}/{kind}.json?PageSize={PAGE_SIZE}"
            while path:
                page = client.get(path).raise_for_status().json()
                yield from (one["sid"] for one in page[kind.lower()])
                path = page["next_page_uri"]


def wait_until_rung(stack: Stack, residents: Sequence[str], *, within_s: float) -> int:
    """Give the engine time to bring what kills delayed; how many were not rung all the same."""
    give_up_at = time.monotonic() + within_s
    while (missing := not_rung(stack, residents)) and time.monotonic() < give_up_at:
        time.sleep(1)
    return missing
