"""What is known of a resident on a day: from our own records, and what was entered."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from uuid import UUID

from dateutil.relativedelta import relativedelta

from backend.people.models import Resident
from backend.places.models import Area
from services.assistance.models import AssistanceCase, EnteredParameter, KnownFact
from services.assistance.models.cases import GRANTED, Benefit
from services.assistance.policy import packs, vocabulary
from services.assistance.policy.knowledge import OWN_RECORD, Fact, Known, Parameter
from services.assistance.policy.packs import Entered

Facts = Mapping[str, Fact]


def facts_of(residents: Collection[Resident], *, day: date) -> Mapping[UUID, dict[str, Fact]]:
    """All facts of these residents by their id, in two queries."""
    found: dict[UUID, dict[str, Fact]] = {
        each.pk: {fact.name: fact for fact in _of_record(each, day)} for each in residents
    }
    for resident_id, fact in _of_cases(list(found)):
        found[resident_id][fact.name] = fact
    for resident_id, facts in _entered(list(found), day).items():
        found[resident_id].update(facts)
    return found


def _of_record(resident: Resident, day: date) -> Iterable[Fact]:
    born = resident.birth_date
    age = relativedelta(day, born).years if born else None
    yield Fact("age", age, OWN_RECORD, day)
    yield Fact("alive", resident.life_state != Resident.LifeState.DIED, OWN_RECORD, day)


def _of_cases(keys: list[UUID]) -> Iterator[tuple[UUID, Fact]]:
    """Who has the subsistence allowance by a case of ours; of all others nobody knows."""
    granted = AssistanceCase.objects.filter(
        resident__in=keys, benefit=Benefit.DIBAO, state__in=GRANTED
    )
    for resident_id, since in granted.values_list("resident_id", "entitled_from"):
        yield resident_id, Fact("in_dibao_household", True, OWN_RECORD, since)


def _entered(keys: list[UUID], day: date) -> Mapping[UUID, dict[str, Fact]]:
    rows = KnownFact.objects.filter(resident__in=keys, as_of__lte=day)
    found: dict[UUID, dict[str, Fact]] = defaultdict(dict)
    for row in rows.order_by("as_of", "pk"):
        word = vocabulary.facts().get(row.name)
        value: Known = json.loads(row.value)
        if word is not None and word.holds(value):
            found[row.resident_id][row.name] = Fact(row.name, value, row.source, row.as_of)
    return found


def entered_parameters() -> list[Entered]:
    """What officers entered and another confirmed."""
    rows = EnteredParameter.objects.exclude(confirmed_by=None)
    return [
        Entered(
            level=row.level,
            code=row.code,
            name=row.name,
            value=row.value,
            since=row.since,
            until=row.until,
            source=row.source,
            version=f"entered:{row.pk}",
        )
        for row in rows
    ]


def parameters_of(
    area: Area, *, day: date, entered: list[Entered] | None = None
) -> Mapping[str, Parameter]:
    """The law's values on a day where an area lies."""
    own = entered_parameters() if entered is None else entered
    return packs.in_force(packs.current(), day=day, district=district_of(area.path), entered=own)


def district_of(path: str) -> str:
    """The code of the district in which a path lies."""
    return path.partition(".")[0]
