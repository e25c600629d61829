"""Care plans of the demo district, their visits from yesterday to a week ahead, and who goes.

Nobody checks in by themselves in a demo, so only a few visits run on their clock; the others are
quiet, or the desk would drown in alerts by the afternoon. Each start carries the visits on.
"""

import random
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from backend.people.models import Caregiver, Resident, Shift
from backend.runtime.demo import stories
from backend.runtime.demo.context import BY, Context, new_id
from services.visits import policies
from services.visits.actions.making import visit_of
from services.visits.models import CarePlan, CheckEvent, Priority, Service, Visit, VisitCarer

State = Visit.State

PLANS_FULL, PLANS_SHARE = 300, 0.15
AHEAD = timedelta(days=7)
ON_THE_CLOCK = 6
"""Visits of today that become late and missed as in life."""
NOBODY_SHARE = 0.02
TOGETHER_SHARE = 0.03
WAY = timedelta(minutes=15)
"""Between two visits of a carer."""

KINDS: tuple[tuple[Service, int, tuple[str, ...], str], ...] = (
    (
        Service.BATHING,
        60,
        ("放水试温", "协助洗澡", "擦干穿衣", "打扫浴室"),
        "浴室地滑,请先铺防滑垫",
    ),
    (Service.MEALS, 30, ("送餐到桌", "看着吃完", "收拾碗筷"), "饭菜切碎,少盐"),
    (Service.CLEANING, 90, ("打扫客厅", "打扫厨房", "倒垃圾"), ""),
    (Service.PERSONAL_CARE, 45, ("洗漱", "翻身", "整理床铺"), "左侧无力,从右侧扶"),
    (Service.MEDICINE, 20, ("核对药盒", "看着服下"), "饭后服药"),
    (Service.REHABILITATION, 45, ("关节活动", "扶着走路十分钟"), "累了就停"),
    (Service.COMPANY, 60, ("聊天", "下楼走走"), "耳朵不好,请慢慢说"),
)
RULES = (
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU",
    "FREQ=WEEKLY;BYDAY=MO,WE,FR",
    "FREQ=WEEKLY;BYDAY=TU,TH,SA",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
)
HOURS = (7, 8, 8, 9, 9, 10, 10, 11, 13, 14, 15, 15, 16, 17, 18, 19)


def seed(context: Context) -> None:
    """Plan once; at each start carry the visits on, and say who goes today and tomorrow."""
    if context.is_new:
        CarePlan.objects.bulk_create(_plans(context))
    today = timezone.localdate(context.now)
    _carry_on(context, today)
    for day in (today - timedelta(days=1), today, today + timedelta(days=1)):
        _staff(context, day)
    _let_have_been(context)


def _plans(context: Context) -> list[CarePlan]:
    chance, today = context.chance("care plans"), timezone.localdate(context.now)
    home = Resident.objects.filter(life_state=Resident.LifeState.HOME).select_related("area")
    residents = list(home.order_by("pk"))
    wanted = min(PLANS_FULL, int(context.size.residents * PLANS_SHARE))
    known = [each for each in residents if each.pk in (stories.ELDER, stories.SECOND_ELDER)]
    chosen = [*known, *chance.sample(residents, wanted - len(known))]
    return [_plan(chance, resident, today, context.now) for resident in chosen]


def _plan(chance: random.Random, resident: Resident, today: date, now: datetime) -> CarePlan:
    service, minutes, tasks, instructions = chance.choice(KINDS)
    is_known = resident.pk == stories.ELDER
    if is_known:
        service, minutes, tasks, instructions = KINDS[0]
    return CarePlan(
        id=new_id(chance),
        resident=resident,
        service=service,
        tasks=list(tasks),
        instructions=instructions,
        duration_min=minutes,
        rule=RULES[0] if is_known else chance.choice(RULES),
        at=time(14, 0) if is_known else time(chance.choice(HOURS), chance.choice((0, 30))),
        window_min=30,
        starts_on=today - timedelta(days=28),
        ends_on=today + AHEAD,
        carers_needed=2 if chance.random() < TOGETHER_SHARE and not is_known else 1,
        priority=Priority.HIGH if service == Service.MEDICINE else Priority.ORDINARY,
        made_until=today - timedelta(days=2),
        created_at=now,
        created_by=BY,
    )


def _carry_on(context: Context, today: date) -> None:
    """Make what is missing up to a week ahead, off the clock."""
    until = today + AHEAD
    plans = list(
        CarePlan.objects.filter(created_by=BY, ended_at=None).select_related("resident__area")
    )
    visits = []
    for plan in plans:
        plan.ends_on = max(plan.ends_on or until, until)
        after = plan.made_until or today
        first = timezone.make_aware(datetime.combine(after, time.max))
        last = timezone.make_aware(datetime.combine(until, time.max))
        for begins_at in plan.recurrence.between(first, last):
            visit = visit_of(plan, begins_at, now=context.now)
            visit.due_at = None
            visits.append(visit)
        plan.made_until = until
    Visit.objects.bulk_create(visits, batch_size=2_000, ignore_conflicts=True)
    CarePlan.objects.bulk_update(plans, ["ends_on", "made_until"], batch_size=1_000)


def _staff(context: Context, day: date) -> None:
    """Give each visit of a day to somebody of its street who is on duty and free."""
    chance = context.chance(f"staff {day}")
    open_ones = Visit.objects.filter(day=day, state=State.PLANNED, plan__created_by=BY)
    visits = list(open_ones.select_related("area").order_by("window_starts_at", "pk"))
    free_at: dict[UUID, datetime] = {}
    on_duty = dict(_on_duty(day))
    goes = []
    for visit in visits:
        if chance.random() < NOBODY_SHARE and visit.resident_id != stories.ELDER:
            continue
        near = on_duty.get(_street(visit.area.path), [])
        others = [pair for pairs in on_duty.values() for pair in pairs if pairs is not near]
        begin, carers = _first_free(visit, [*near, *others], free_at)
        if len(carers) < visit.carers_needed:
            visit.unserved = Visit.Unserved.NO_TIME
            continue
        for carer in carers[: visit.carers_needed]:
            free_at[carer.pk] = begin + timedelta(minutes=visit.duration_min) + WAY
            goes.append(
                VisitCarer(visit=visit, caregiver=carer, assigned_at=context.now, assigned_by=BY)
            )
        visit.state, visit.unserved, visit.planned_at = State.ASSIGNED, "", begin
    VisitCarer.objects.bulk_create(goes)
    ahead = [visit for visit in visits if visit.window_starts_at > context.now]
    for visit in ahead[:ON_THE_CLOCK] if day == timezone.localdate(context.now) else ():
        visit.due_at = policies.due_at(visit)
    Visit.objects.bulk_update(visits, ["state", "unserved", "planned_at", "due_at"])


def _on_duty(day: date) -> dict[str, list[tuple[Caregiver, Shift]]]:
    """Who has a shift on a day, by street; those of the stories first."""
    begin = timezone.make_aware(datetime.combine(day, time.min))
    shifts = Shift.objects.filter(
        starts_at__lt=begin + timedelta(days=1),
        ends_at__gt=begin,
        caregiver__kind__in=(Caregiver.Kind.CAREGIVER, Caregiver.Kind.NURSE),
    ).select_related("caregiver__area")
    by_street: dict[str, list[tuple[Caregiver, Shift]]] = defaultdict(list)
    for shift in shifts.order_by("caregiver__pk", "starts_at"):
        by_street[_street(shift.caregiver.area.path)].append((shift.caregiver, shift))
    for pairs in by_street.values():
        pairs.sort(key=lambda pair: pair[0].pk not in stories.NEAR_CAREGIVERS)
    return by_street


def _first_free(
    visit: Visit, on_duty: list[tuple[Caregiver, Shift]], free_at: dict[UUID, datetime]
) -> tuple[datetime, list[Caregiver]]:
    """The first quarter of the window at which enough are free, and who they are."""
    begin = visit.window_starts_at
    while len(free := _free(visit, begin, on_duty, free_at)) < visit.carers_needed:
        begin += timedelta(minutes=15)
        if begin > visit.window_ends_at:
            break
    return begin, free


def _free(
    visit: Visit,
    begin: datetime,
    on_duty: list[tuple[Caregiver, Shift]],
    free_at: dict[UUID, datetime],
) -> list[Caregiver]:
    end = begin + timedelta(minutes=visit.duration_min)
    found = {
        carer.pk: carer
        for carer, shift in on_duty
        if shift.starts_at <= begin
        and shift.ends_at >= end
        and free_at.get(carer.pk, begin) <= begin
    }
    return list(found.values())


def _street(path: str) -> str:
    return ".".join(path.split(".")[:2])


def _let_have_been(context: Context) -> None:
    """What lies behind was done, but for a few; what runs has begun."""
    chance = context.chance("visits behind")
    now = context.now
    behind = Visit.objects.filter(
        plan__created_by=BY, state=State.ASSIGNED, window_starts_at__lt=now, due_at=None
    ).select_related("resident")
    visits = list(behind.order_by("window_starts_at", "pk"))
    carers: dict[UUID, list[UUID]] = defaultdict(list)
    pairs = VisitCarer.objects.filter(visit__in=visits).values_list("visit_id", "caregiver_id")
    for visit_id, caregiver_id in pairs:
        carers[visit_id].append(caregiver_id)
    events = []
    for visit in visits:
        begun = visit.window_starts_at + timedelta(minutes=chance.randint(0, 12))
        ended = begun + timedelta(minutes=visit.duration_min + chance.randint(-5, 10))
        if begun > now:
            continue
        visit.started_at, visit.ended_at = begun, ended if ended <= now else None
        visit.state = State.DONE if visit.ended_at else State.IN_PROGRESS
        for caregiver_id in carers[visit.pk]:
            events.append(_event(chance, visit, caregiver_id, CheckEvent.Kind.IN, begun))
            if visit.ended_at:
                events.append(_event(chance, visit, caregiver_id, CheckEvent.Kind.OUT, ended))
    Visit.objects.bulk_update(visits, ["state", "started_at", "ended_at"])
    CheckEvent.objects.bulk_create(events)


def _event(
    chance: random.Random, visit: Visit, caregiver_id: UUID, kind: CheckEvent.Kind, at: datetime
) -> CheckEvent:
    distance_m = chance.uniform(3, 60)
    return CheckEvent(
        visit=visit,
        kind=kind,
        service=visit.service,
        resident_id=visit.resident_id,
        household_id=visit.resident.household_id,
        caregiver_id=caregiver_id,
        method=CheckEvent.Method.CODE,
        distance_m=distance_m,
        fence_m=policies.FENCE_M,
        is_within_fence=True,
        device_at=at,
        server_at=at,
        client_key=f"demo {visit.pk} {kind}",
    )
