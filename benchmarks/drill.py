"""The kill drill: alarms come in while processes die, and each of them still rings.

SIGKILL of web, tick, worker (beat is a thread of it), Valkey and PostgreSQL at seeded moments;
senders try for 60 s with the same message; the supervisor starts again what died. A second,
shorter pass has Valkey dead throughout. Beside them the naive peer (`benchmarks.naive_ladder`).
"""

import argparse
import asyncio
import random
from collections.abc import Mapping, Sequence

import httpx

from benchmarks import alarms, kills, naive_ladder, reckoning
from benchmarks.alarms import Alarm
from benchmarks.desk import Desk
from benchmarks.figures import Figures, percentile, run, say
from benchmarks.kills import DatabaseWatch, Killer
from benchmarks.stack import Stack, own_stack

VICTIMS = ("web", "tick", "worker", "valkey", "postgres")
WITHOUT_VALKEY = ("web", "tick", "worker", "postgres")
NO_VALKEY = {"REDIS_URL": "redis://127.0.0.1:1/0"}
SECOND_PASS = 3
"""The pass without Valkey has so many times fewer alarms and kills."""
SLOT_S = 6.0
LADDER = [
    {"to": ["operators", "resident"], "wait_s": 0, "channels": ["screen", "voice"]},
    {"to": ["first_contact", "nearest_caregiver"], "wait_s": 5, "channels": ["voice", "app"]},
    {"to": ["next_contacts", "next_caregivers"], "wait_s": 10, "channels": ["app"]},
]
"""The default ladder with shorter waits, so that more steps fall due while something is dead,
and without telephones in the last step: a district that rings at once is another drill."""
RESOLVED_AFTER_S = 20.0
"""By then every step was due."""
RUNG_WITHIN_S = 75.0


def set_ladder(stack: Stack) -> None:
    """Give the whole district the ladder of the drill."""
    lead = {"Authorization": f"Bearer {stack.users('lead')[0]['api_token']}"}
    with httpx.Client(base_url=stack.run["http"], headers=lead, trust_env=False) as client:
        areas = client.get("/api/v1/areas/").raise_for_status().json()["results"]
        [district] = [area["id"] for area in areas if area["parent"] is None]
        path = f"/api/v1/areas/{district}/escalation-policy/"
        client.put(path, json={"steps": LADDER}).raise_for_status()


def drill(
    stack: Stack, *, alarm_count: int, kill_count: int, victims: Sequence[str], seed: int
) -> Figures:
    """Press and kill at the same time, wait until everybody is rung, and reckon."""
    set_ladder(stack)
    chance = random.Random(seed)  # noqa: S311 - it has to be repeatable
    sent = alarms.presses(chance.sample(stack.buttons(), alarm_count))
    over_s = SLOT_S * kill_count
    killer = Killer(stack, kills.plan(victims, kills=kill_count, seed=seed), over_s=over_s)
    watch = DatabaseWatch(stack.database_url)
    desk = Desk(stack, closed_after_s=RESOLVED_AFTER_S)
    desk.open()
    watch.start()
    killer.start()
    asyncio.run(alarms.send_all(stack, sent, spread_s=over_s))
    killer.join()
    say("all alarms are sent; waiting until every telephone has rung")
    residents = [alarm.resident for alarm in sent]
    not_rung = reckoning.wait_until_rung(stack, residents, within_s=RUNG_WITHIN_S)
    desk.close()
    return _reckon(stack, sent, killer, not_rung=not_rung, outages=watch.end())


def _reckon(
    stack: Stack,
    sent: Sequence[Alarm],
    killer: Killer,
    *,
    not_rung: int,
    outages: Sequence[tuple[float, float]],
) -> Figures:
    found = reckoning.calls(stack, [alarm.resident for alarm in sent])
    doubled = reckoning.duplicates(stack, killer.done)
    lags_s = reckoning.step_lags_s(stack)
    calm_lags_s = reckoning.step_lags_s(stack, without=outages)
    waits_s = [alarm.answered_after_s for alarm in sent if alarm.answered_after_s is not None]
    return {
        "alarms": len(sent),
        "kills": len(killer.done),
        "lost": found.lost,
        "not_rung": not_rung,
        "not_answered": len(sent) - len(waits_s),
        "counted_twice": found.doubled,
        "requests_to_provider": doubled.requests,
        "duplicates_by_kill": doubled.explained,
        "duplicates_by_late_answer": doubled.unanswered,
        "unexplained_duplicates": doubled.unexplained,
        "steps": len(lags_s),
        "step_lag_p99_s": round(percentile(lags_s, 0.99), 2),
        "step_lag_p99_outside_outages_s": round(percentile(calm_lags_s, 0.99), 2),
        "answer_p99_s": round(percentile(waits_s, 0.99), 2),
        "tries_most": max(alarm.tries for alarm in sent),
        "database_away_s": round(sum(until - since for since, until in outages), 1),
    }


def measure(arguments: argparse.Namespace) -> Figures:
    """Both passes and the naive peer."""
    seed = arguments.seed or random.SystemRandom().randrange(1, 10_000)
    say(f"seed {seed}")
    figures: Figures = {"seed": seed}
    with own_stack() as stack:
        figures |= drill(
            stack,
            alarm_count=arguments.alarms,
            kill_count=arguments.kills,
            victims=VICTIMS,
            seed=seed,
        )
    figures |= _prefixed("without_valkey_", without_valkey(arguments, seed))
    return figures | naive_ladder.measure(seed=seed)


def without_valkey(arguments: argparse.Namespace, seed: int) -> Figures:
    """The same with a Valkey that is never there."""
    with own_stack(NO_VALKEY) as stack:
        return drill(
            stack,
            alarm_count=arguments.alarms // SECOND_PASS,
            kill_count=arguments.kills // SECOND_PASS,
            victims=WITHOUT_VALKEY,
            seed=seed,
        )


def _prefixed(prefix: str, figures: Mapping[str, object]) -> Figures:
    return {f"{prefix}{name}": value for name, value in figures.items()}


if __name__ == "__main__":
    run("drill", measure, alarms=300, kills=12, seed=0)
