"""Watching over homes: which there are, and what is said of one that is still for too long."""

from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from backend.core import due
from backend.core.contained import contained
from backend.people.models import Resident
from devices.actions.silence import OUTAGE
from devices.models import Listening
from devices.routine.limits import Verdict, judge_of
from devices.routine.models import WatchedHome
from devices.routine.sights import SEEING, Sights, sights_of
from services.alerts.actions import raise_alert, resolve_alert
from services.alerts.models import Alert

State = WatchedHome.State

LEASE_S = 60.0
PORTION = 100
WHILE_TOLD = timedelta(minutes=1)
"""How soon it is seen that somebody moves again."""
WHILE_UNKNOWN = timedelta(minutes=10)
FIRST_WITHIN_S = 600
"""The first looks at many new homes are spread over so long."""


def find_homes(*, now: datetime) -> None:
    """Watch over every home with a sensor that sees movement, and over no other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO routine_watchedhome (household_id, state, watched_since, moved_in, due_at)"
            " SELECT household_id, %s, %s::timestamptz, '',"
            "  %s::timestamptz + random() * make_interval(secs => %s)"
            " FROM devices_device AS seeing"
            " WHERE active AND household_id IS NOT NULL AND kind = ANY(%s)"
            " AND NOT EXISTS (SELECT FROM routine_watchedhome AS watched"
            "  WHERE watched.household_id = seeing.household_id)"
            " GROUP BY household_id"
            " ON CONFLICT DO NOTHING",
            [State.UNKNOWN, now, now, FIRST_WITHIN_S, list(SEEING)],
        )
        cursor.execute(
            "DELETE FROM routine_watchedhome AS watched"
            " WHERE NOT EXISTS (SELECT FROM devices_device AS seeing"
            "  WHERE seeing.household_id = watched.household_id"
            "  AND seeing.active AND seeing.kind = ANY(%s))",
            [list(SEEING)],
        )


def run_due(*, now: datetime, limit: int = PORTION) -> int:
    """Look at homes that are due, one transaction each; returns how many."""
    claimed = due.claim(WatchedHome.objects.all(), now=now, lease_s=LEASE_S, limit=limit)
    for home in claimed:
        contained(f"watching over home {home.pk}", partial(_look, home, now))
    return len(claimed)


@transaction.atomic
def _look(home: WatchedHome, now: datetime) -> None:
    """Judge a home by what its sensors said, and say when to look again."""
    listening = Listening.objects.first()
    people = list(home.household.residents.filter(life_state=Resident.LifeState.HOME)[:2])
    if not people:
        _is_nobodys(home, now)
    elif listening is None or now - listening.last_at > OUTAGE:
        due.finish(home, due_at=now + WHILE_TOLD)
    else:
        if home.state == State.NOBODY:
            home.watched_since = now
        sights = sights_of(home.pk, now=now)
        floor = max(home.watched_since, listening.since)
        _judge(home, sights, floor, people[0] if len(people) == 1 else None, now)


def _is_nobodys(home: WatchedHome, now: datetime) -> None:
    """All who live there are away, in hospital, moved or dead."""
    with translation.override(settings.LANGUAGE_CODE):
        _close(home, gettext("Nobody is at home now."), now)
    due.finish(
        home, due_at=now + WHILE_UNKNOWN, state=State.NOBODY, alert=home.alert, told_for=None
    )


def _judge(
    home: WatchedHome, sights: Sights, floor: datetime, resident: Resident | None, now: datetime
) -> None:
    moved_at = max((at for at in (home.moved_at, sights.moved_at) if at), default=None)
    if moved_at is not None and home.told_for is not None and moved_at > home.told_for:
        _close(home, _moved_again(moved_at, sights.room), now)
    if moved_at != home.moved_at:
        home.moved_at, home.moved_in = moved_at, sights.room
    verdict = judge_of(home).judge(sights, since=max(floor, moved_at or floor))
    due_at, state = verdict.ends_at, verdict.state
    if sights.are_silent and home.told_for is None:
        due_at, state = now + WHILE_UNKNOWN, State.UNKNOWN
    elif verdict.ends_at <= now:
        due_at = _tell(home, verdict, sights, resident, now)
    if home.told_for is not None:
        due_at = min(due_at, now + WHILE_TOLD)
    due.finish(
        home,
        due_at=due_at,
        state=state,
        watched_since=home.watched_since,
        moved_at=home.moved_at,
        moved_in=home.moved_in,
        alert=home.alert,
        told_for=home.told_for,
    )


def _tell(
    home: WatchedHome,
    verdict: Verdict,
    sights: Sights,
    resident: Resident | None,
    now: datetime,
) -> datetime:
    """Raise the alert of this silence, once; a while after a person closed it, again."""
    if home.told_for is not None:
        told = _told_alert(home)
        closed_at = told.closed_at if told else None
        if told is not None and closed_at is None:
            return now + WHILE_TOLD
        if closed_at is not None and now < closed_at + verdict.limit:
            return min(now + WHILE_UNKNOWN, closed_at + verdict.limit)
    alert = raise_alert(
        kind=Alert.Kind.INACTIVITY,
        area=home.household.address.area,
        household=home.household,
        resident=resident,
        detail={
            "silent_s": int((now - verdict.since).total_seconds()),
            "limit_s": int(verdict.limit.total_seconds()),
            "since": verdict.since.isoformat(),
            "state": verdict.state.value,
            "room": home.moved_in,
            "heard_s": int((now - sights.heard_at).total_seconds()) if sights.heard_at else None,
        },
        now=now,
    )
    home.alert, home.told_for = alert.pk, verdict.since
    return now + WHILE_TOLD


def _close(home: WatchedHome, note: str, now: datetime) -> None:
    """What was told of is over."""
    told = _told_alert(home)
    if told is not None and told.closed_at is None:
        resolve_alert(told, by=home.reference, note=note, now=now)
    home.alert = home.told_for = None


def _told_alert(home: WatchedHome) -> Alert | None:
    return Alert.objects.filter(pk=home.alert).first() if home.alert else None


def _moved_again(moved_at: datetime, room: str) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        time = f"{timezone.localtime(moved_at):%H:%M}"
        if room:
            return gettext("Movement was seen at %(time)s, %(room)s.") % {
                "time": time,
                "room": room,
            }
        return gettext("Movement was seen at %(time)s.") % {"time": time}
