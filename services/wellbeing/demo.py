"""Reminders, days and welfare contacts of the demo district, with a week behind them."""

import random
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from backend.people.models import Consent, Resident
from backend.runtime.demo import stories
from backend.runtime.demo.context import BY, Context, new_id
from services.wellbeing.actions import make_days, watch_everybody
from services.wellbeing.actions.okdays import by_at_of
from services.wellbeing.models import (
    Occurrence,
    OkDay,
    Reminder,
    Watched,
    Way,
    WelfareContact,
)

State = Occurrence.State
Kind = Reminder.Kind

REMINDED_FULL, REMINDED_SHARE = 60, 0.03
OK_FULL, OK_SHARE = 200, 0.1
OVERDUE_SHARE = 0.006
DAYS_BEHIND = 7
SHARED = "让女儿设提醒，没有回应时来看看"
SET_BY = ("女儿", "儿子", "社区护士")
MEDICINES = (
    "降压药一片，早饭后",
    "二甲双胍一片，随饭",
    "阿司匹林一片",
    "钙片两片",
    "眼药水，左右各一滴",
)
ERRANDS = ("浇花", "量一下血压", "给手环充电", "把窗户关好")
HOURS = (time(7, 30), time(8, 0), time(8, 30), time(9, 0))
OK_HOURS = (time(8, 30), time(9, 0), time(9, 30), time(10, 0))


def seed(context: Context) -> None:
    """Plant once; those of the stories share with their families."""
    if not context.is_new:
        return
    chance = context.chance("wellbeing")
    residents = _residents(context, chance)
    _share(context)
    reminders = list(_reminders(context, chance, residents))
    Reminder.objects.bulk_create(reminders)
    Occurrence.objects.bulk_create(
        [row for each in reminders for row in _behind(chance, each, context.now)]
    )
    _say_well(context, chance)
    watch_everybody(now=context.now)
    _let_have_been_heard_of(context, chance)


def _residents(context: Context, chance: random.Random) -> list[Resident]:
    """Who is reminded: the two of the stories, and some others with a telephone."""
    able = Resident.objects.filter(life_state=Resident.LifeState.HOME).exclude(phone_index="")
    found = {each.pk: each for each in able.select_related("area").order_by("pk")}
    known = [found.pop(key) for key in (stories.ELDER, stories.SECOND_ELDER) if key in found]
    wanted = min(REMINDED_FULL, int(context.size.residents * REMINDED_SHARE), len(found))
    return [*known, *chance.sample(list(found.values()), wanted)]


def _share(context: Context) -> None:
    for key in (stories.ELDER, stories.SECOND_ELDER):
        Consent.objects.get_or_create(
            resident_id=key,
            item=Consent.Item.WELLBEING,
            withdrawn_at=None,
            defaults={
                "purpose": SHARED,
                "given_by": f"resident:{key}",
                "given_at": context.now - timedelta(days=DAYS_BEHIND),
                "recorded_by": BY,
            },
        )


def _reminders(
    context: Context, chance: random.Random, residents: list[Resident]
) -> Iterator[Reminder]:
    for number, resident in enumerate(residents):
        is_known = resident.pk == stories.ELDER
        kind = Kind.MEDICINE if is_known or chance.random() < 0.7 else Kind.OTHER
        text = (
            "氨氯地平一片，早饭后"
            if is_known
            else chance.choice(MEDICINES if kind == Kind.MEDICINE else ERRANDS)
        )
        reminder = Reminder(
            id=new_id(chance),
            resident=resident,
            kind=kind,
            text=text,
            rule="FREQ=DAILY",
            times=[HOURS[1] if is_known else chance.choice(HOURS)],
            starts_on=timezone.localdate(context.now) - timedelta(days=DAYS_BEHIND),
            set_by=BY,
            set_by_name="王丽" if is_known else chance.choice(SET_BY),
            set_at=context.now - timedelta(days=DAYS_BEHIND, hours=number % 5),
        )
        reminder.due_at = reminder.asks_after(context.now)
        yield reminder


def _behind(chance: random.Random, reminder: Reminder, now: datetime) -> Iterator[Occurrence]:
    """The days behind: nearly all done, some looked after by the family."""
    asks_at = reminder.asks_after(now - timedelta(days=DAYS_BEHIND))
    while asks_at is not None and asks_at <= now:
        state = State.DONE if chance.random() < 0.93 else State.LOOKED_AFTER
        answered_at = asks_at + timedelta(minutes=chance.choice((1, 1, 2, 6)))
        by_person = state == State.DONE
        yield Occurrence(
            id=new_id(chance),
            reminder=reminder,
            resident=reminder.resident,
            occurs_at=asks_at,
            asks_at=asks_at,
            ask_until=asks_at,
            asked_at=asks_at,
            state=state,
            rounds=1,
            closed_at=min(answered_at, now),
            answered_by=f"resident:{reminder.resident_id}" if by_person else BY,
            answered_name=reminder.resident.name if by_person else reminder.set_by_name,
            way=Way.KEY,
        )
        asks_at = reminder.asks_after(asks_at)


def _say_well(context: Context, chance: random.Random) -> None:
    """Some agreed to an hour; they have said so for a week, and today if it is past."""
    able = Resident.objects.filter(life_state=Resident.LifeState.HOME).exclude(phone_index="")
    keys = list(able.exclude(pk=stories.ELDER).order_by("pk").values_list("pk", flat=True))
    wanted = min(OK_FULL, int(context.size.residents * OK_SHARE), len(keys))
    hours = {key: chance.choice(OK_HOURS) for key in chance.sample(keys, wanted)}
    hours[stories.ELDER] = OK_HOURS[2]
    for hour in OK_HOURS:
        chosen = [key for key, each in hours.items() if each == hour]
        Resident.objects.filter(pk__in=chosen).update(ok_at=hour)
    OkDay.objects.bulk_create(
        [row for key, hour in hours.items() for row in _days(context, chance, key, hour)]
    )
    make_days(now=context.now)


def _days(context: Context, chance: random.Random, key: UUID, hour: time) -> Iterator[OkDay]:
    today = timezone.localdate(context.now)
    for back in range(DAYS_BEHIND):
        by_at = by_at_of(today - timedelta(days=back), hour)
        if by_at > context.now:
            continue
        yield OkDay(
            id=new_id(chance),
            resident_id=key,
            day=today - timedelta(days=back),
            by_at=by_at,
            state=OkDay.State.OK,
            closed_at=by_at - timedelta(minutes=chance.randint(5, 90)),
            answered_by=f"resident:{key}",
            way=chance.choice((Way.TAP, Way.KEY, Way.CALLED, Way.ACTIVITY)),
        )


def _let_have_been_heard_of(context: Context, chance: random.Random) -> None:
    """Nearly everybody was heard of within their days; a few are overdue or owed today."""
    rows = list(Watched.objects.select_related("resident").order_by("pk"))
    contacts = []
    said = _last_said_well()
    for row in rows:
        share = chance.uniform(0.02, 0.9)
        if chance.random() < OVERDUE_SHARE and row.resident_id != stories.ELDER:
            share = chance.uniform(1.01, 1.4)
        row.heard_at = _by_day(chance, context.now - timedelta(days=row.every_days) * share)
        row.heard_how = chance.choice(
            (Watched.Heard.VISIT, Watched.Heard.WELFARE_CALL, Watched.Heard.WELFARE_VISIT)
        )
        at = said.get(row.resident_id)
        if row.heard_how != Watched.Heard.VISIT:
            contacts.append(_contact(chance, row, row.heard_at))
        if at is not None and at > row.heard_at:
            row.heard_at, row.heard_how = at, Watched.Heard.OK
        if row.owed_at is not None:
            row.owed_at = row.heard_at + timedelta(days=row.every_days)
            row.due_at = max(row.owed_at, context.now + timedelta(hours=6))
    Watched.objects.bulk_update(
        rows, ["heard_at", "heard_how", "owed_at", "due_at"], batch_size=1_000
    )
    WelfareContact.objects.bulk_create(contacts, batch_size=1_000)


def _last_said_well() -> dict[UUID, datetime]:
    """When each resident last said that all is well; movement at home is not that."""
    said = OkDay.objects.filter(state=OkDay.State.OK).exclude(way=Way.ACTIVITY)
    pairs = said.order_by("closed_at").values_list("resident_id", "closed_at")
    return {resident: at for resident, at in pairs if at is not None}


def _by_day(chance: random.Random, moment: datetime) -> datetime:
    """About then, but at an hour at which people look in."""
    local = timezone.localtime(moment)
    at = local.replace(hour=chance.randint(8, 16), minute=chance.choice((5, 20, 35, 50)))
    return at if at <= moment else at - timedelta(days=1)


def _contact(chance: random.Random, row: Watched, at: datetime) -> WelfareContact:
    is_call = row.heard_how == Watched.Heard.WELFARE_CALL
    return WelfareContact(
        id=new_id(chance),
        resident_id=row.resident_id,
        kind=WelfareContact.Kind.CALL if is_call else WelfareContact.Kind.VISIT,
        outcome=WelfareContact.Outcome.WELL,
        note=chance.choice(("", "精神好，冰箱有菜", "腿有点疼，已约康复", "说话清楚，惦记女儿")),
        at=at,
        by=BY,
        by_name="网格员",
        recorded_at=at,
    )
