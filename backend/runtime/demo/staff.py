"""Caregivers of the demo and their rota."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.db.models import Max
from django.utils import timezone

from backend.people.models import Caregiver, Resident, Shift, Team
from backend.places.models import Area
from backend.places.queries import office_of
from backend.runtime.demo import stories, tables
from backend.runtime.demo.context import Context, new_id
from backend.runtime.demo.district import District
from backend.runtime.demo.draw import younger_name

KINDS = (
    Caregiver.Kind.CAREGIVER,
    Caregiver.Kind.CAREGIVER,
    Caregiver.Kind.CAREGIVER,
    Caregiver.Kind.NURSE,
)
"""Drawn in turn for those who are neither grid worker nor duty lead."""
SHIFT_STARTS = (time(7), time(15), time(23))
SHIFT = timedelta(hours=8)
PLANNED = timedelta(days=28)
CARRIED_ON_BELOW = timedelta(days=21)
"""The rota is carried on when less than this is left of it."""
WEEK_DAYS = 7
SPREAD = 0.002
"""Degrees around the office within which caregivers are when the demo begins."""


def plant(context: Context, district: District, next_phone: Callable[[], str]) -> None:
    """A duty lead a street, a grid worker a community, caregivers and nurses for the rest.

    The first two caregivers stand next to the first elder's home.
    """
    chance = context.chance("staff")
    teams = Team.objects.bulk_create(
        Team(area=street, name=f"{street.name}照护队") for street in district.streets
    )
    places = _places(district, context.size.caregivers)
    people = []
    for number, (area, kind) in enumerate(places):
        office = office_of(area) or office_of(district.root)
        people.append(
            Caregiver(
                id=new_id(chance),
                area=area,
                team=next((t for t in teams if area.path.startswith(t.area.path)), None),
                name=younger_name(chance, chance.choice(list(Resident.Sex)[:2])),
                kind=kind,
                phone=next_phone(),
                skills=sorted(chance.sample(tables.SKILLS, 3)),
                last_lat=office.lat + chance.uniform(-SPREAD, SPREAD) if office else None,
                last_lon=office.lon + chance.uniform(-SPREAD, SPREAD) if office else None,
                last_position_at=context.now,
            )
        )
        if number < len(stories.NEAR_CAREGIVERS):
            _put_near(people[-1], district, number)
    Caregiver.objects.bulk_create(people)


def _places(district: District, wanted: int) -> list[tuple[Area, Caregiver.Kind]]:
    """For each person of the staff where they belong and what they are."""
    home = district.cells[stories.ELDER_CELL].area
    places = [(home, Caregiver.Kind.CAREGIVER)] * len(stories.NEAR_CAREGIVERS)
    places += [(street, Caregiver.Kind.DUTY_LEAD) for street in district.streets]
    places += [(community, Caregiver.Kind.GRID_WORKER) for community in district.communities]
    for number in range(wanted - len(places)):
        community = district.communities[number % len(district.communities)]
        places.append((community, KINDS[number % len(KINDS)]))
    return places


def _put_near(caregiver: Caregiver, district: District, number: int) -> None:
    cell = district.cells[stories.ELDER_CELL]
    here = district.place(cell, 0.45 + 0.2 * number, 0.4)
    caregiver.id = stories.NEAR_CAREGIVERS[number]
    caregiver.name = stories.NEAR_NAMES[number]
    caregiver.phone = stories.NEAR_PHONES[number]
    caregiver.last_lat, caregiver.last_lon = here


def carry_rota_on(context: Context) -> None:
    """Plan 28 days around the clock; on later runs what is missing at the end."""
    latest = Shift.objects.aggregate(latest=Max("starts_at"))["latest"]
    if latest and latest - context.now > CARRIED_ON_BELOW:
        return
    today = timezone.localdate(context.now)
    first = today - timedelta(days=1)
    if latest:
        first = max(first, timezone.localdate(latest) + timedelta(days=1))
    days = [first + timedelta(days=n) for n in range((today + PLANNED - first).days + 1)]
    people = Caregiver.objects.filter(active=True).order_by("pk").values_list("pk", "kind")
    Shift.objects.bulk_create(
        Shift(caregiver_id=key, starts_at=start, ends_at=start + SHIFT)
        for number, (key, kind) in enumerate(people)
        for day in days
        for start in _starts(day, number, standby=key in stories.NEAR_CAREGIVERS, kind=kind)
    )


def _starts(day: date, number: int, *, standby: bool, kind: str) -> list[datetime]:
    """When somebody's shifts of a day start.

    One shift, always the same, with one free day a week; grid workers and duty leads by day.
    The stories' caregivers stand by around the clock, so that a demo works at any hour.
    """
    zone = timezone.get_default_timezone()
    if standby:
        return [datetime.combine(day, start, zone) for start in SHIFT_STARTS]
    if (day.toordinal() + number) % WEEK_DAYS == 0:
        return []
    by_day = kind in (Caregiver.Kind.GRID_WORKER, Caregiver.Kind.DUTY_LEAD)
    start = SHIFT_STARTS[0 if by_day else number % len(SHIFT_STARTS)]
    return [datetime.combine(day, start, zone)]
