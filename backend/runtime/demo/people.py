"""Plants the district with its homes, residents, contacts and caregivers."""

from datetime import date, timedelta
from itertools import count

from django.utils import timezone

from backend.people.models import (
    Caregiver,
    Contact,
    Guardianship,
    Household,
    Language,
    LifePeriod,
    Resident,
)
from backend.places.models import Address
from backend.runtime.demo import draw, staff, stories, tables
from backend.runtime.demo.context import BY, Context
from backend.runtime.demo.district import District
from backend.runtime.demo.draw import Plan

GUARDIAN_PAPER = "户口簿复印件，社区档案"
SECOND_LOOK = "system:demo-second-look"

COUPLES, WITH_FAMILY = 0.3, 0.1
"""Shares of households; all others live alone."""
FEMALE, MALE = Resident.Sex.FEMALE, Resident.Sex.MALE


def seed(context: Context) -> None:
    """Plant everything once; on later runs carry the rota on. Hands out the telephones."""
    if context.is_new:
        _plant(context)
    staff.carry_rota_on(context)
    if context.issues:
        context.out["phones"] = _phones()


def _plant(context: Context) -> None:
    district = District(context)
    plan = Plan(
        context.chance("people"),
        timezone.localdate(context.now),
        count(stories.FIRST_FREE_PHONE),
    )
    _plant_elder(plan, district)
    _plant_second_elder(plan, district)
    _fill(plan, district, context.size.residents)
    _write(plan, context)
    staff.plant(context, district, plan.next_phone)


def _plant_elder(plan: Plan, district: District) -> None:
    """She lives alone; her daughter is reached, two caregivers are near."""
    cell = district.cells[stories.ELDER_CELL]
    home = draw.household(
        plan,
        cell.area,
        district.place(cell, 0.52, 0.48),
        id=stories.ELDER_HOUSEHOLD,
        beside="",
        door_code="2580#",
        key_holder="隔壁 301 王秀珍",
        entry_notes="单元门禁按 0 呼叫物业",
    )
    elder = draw.resident(
        plan,
        home,
        FEMALE,
        id=stories.ELDER,
        name="陈桂英",
        birth_date=date(1941, 5, 12),
        phone=stories.ELDER_PHONE,
        living=[Resident.Living.ALONE],
        mobility=Resident.Mobility.WALKS_WITH_AID,
        conditions="高血压；髋部骨折术后",
        allergies="青霉素",
        medicines="氨氯地平 5mg 早",
        responder_notes="听力差，请对右耳大声慢说；走到门口要两三分钟",
        life_state=Resident.LifeState.HOME,
    )
    draw.contact(
        plan,
        elder,
        id=stories.DAUGHTER,
        relation=Contact.Relation.DAUGHTER,
        name="王丽",
        phone=stories.DAUGHTER_PHONE,
        language=Language.ZH,
        minutes_to_door=25,
        has_key=True,
        is_guardian=False,
    )
    draw.contact(
        plan,
        elder,
        id=stories.NEIGHBOUR,
        relation=Contact.Relation.NEIGHBOUR,
        name="王秀珍",
        phone=stories.NEIGHBOUR_PHONE,
        language=Language.ZH,
        minutes_to_door=3,
        has_key=True,
    )


def _plant_second_elder(plan: Plan, district: District) -> None:
    """A long name, a long address, and a son who is called in English and is far away."""
    cell = district.cells[stories.SECOND_CELL]
    home = draw.household(
        plan,
        cell.area,
        district.place(cell, 0.4, 0.6),
        id=stories.SECOND_HOUSEHOLD,
        beside=tables.ASIDES[0],
    )
    elder = draw.resident(
        plan,
        home,
        MALE,
        id=stories.SECOND_ELDER,
        name=tables.WHOLE_NAMES[MALE][0],
        birth_date=date(1938, 11, 2),
        phone=stories.SECOND_PHONE,
        living=[Resident.Living.EMPTY_NEST],
        life_state=Resident.LifeState.HOME,
    )
    draw.contact(
        plan,
        elder,
        id=stories.SECOND_SON,
        relation=Contact.Relation.SON,
        name="Adil Memet",
        phone=stories.SECOND_SON_PHONE,
        language=Language.EN,
        minutes_to_door=240,
    )


def _fill(plan: Plan, district: District, wanted: int) -> None:
    """Settle homes evenly over the grids until enough people live there."""
    chance = plan.chance
    while len(plan.residents) < wanted:
        cell = district.cells[len(plan.residents) * len(district.cells) // wanted]
        place = district.place(cell, chance.uniform(0.1, 0.9), chance.uniform(0.1, 0.9))
        home = draw.household(plan, cell.area, place)
        for sex, living in _members(plan, wanted - len(plan.residents)):
            resident = draw.resident(plan, home, sex, living=[living])
            for _ in range(chance.choice((1, 2, 2, 3))):
                draw.contact(plan, resident)


def _members(plan: Plan, places_left: int) -> list[tuple[Resident.Sex, Resident.Living]]:
    kind = plan.chance.random()
    if kind < COUPLES and places_left > 1:
        return [(FEMALE, Resident.Living.EMPTY_NEST), (MALE, Resident.Living.EMPTY_NEST)]
    sex = plan.chance.choice((FEMALE, FEMALE, MALE))
    if kind < COUPLES + WITH_FAMILY:
        return [(sex, Resident.Living.WITH_FAMILY)]
    return [(sex, Resident.Living.ALONE)]


def _write(plan: Plan, context: Context) -> None:
    Address.objects.bulk_create([home.address for home in plan.households])
    Household.objects.bulk_create(plan.households)
    Resident.objects.bulk_create(plan.residents)
    Contact.objects.bulk_create(plan.contacts)
    Guardianship.objects.bulk_create(
        Guardianship(
            contact=contact,
            ground=Guardianship.Ground.PART,
            proof=Guardianship.Proof.KIN,
            document=GUARDIAN_PAPER,
            since=plan.today - timedelta(days=100),
            review_on=plan.today + timedelta(days=265),
            recorded_at=context.now,
            recorded_by=BY,
            verified_at=context.now,
            verified_by=SECOND_LOOK,
        )
        for contact in plan.contacts
        if contact.is_guardian
    )
    LifePeriod.objects.bulk_create(
        LifePeriod(
            resident=resident,
            state=resident.life_state,
            since=resident.life_state_since or plan.today,
            recorded_at=context.now,
            recorded_by=BY,
        )
        for resident in plan.residents
    )


def _phones() -> list[str]:
    """Everybody's telephones; those of the stories have the smallest numbers."""
    residents = Resident.objects.exclude(phone_index="").values_list("phone", flat=True)
    contacts = Contact.objects.values_list("phone", flat=True)
    caregivers = Caregiver.objects.values_list("phone", flat=True)
    return sorted({*residents, *contacts, *caregivers})
