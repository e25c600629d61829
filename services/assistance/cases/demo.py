"""Cases of the demo district, in every state, dated back from the day it is planted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from backend.accounts.actors import actor_of
from backend.accounts.models import User
from backend.people.models import Consent, Resident
from backend.runtime.demo import stories
from backend.runtime.demo.accounts import account_id
from backend.runtime.demo.context import BY, Context
from notifications.models import Delivery
from services.assistance.cases import actions, workdays
from services.assistance.cases.doers import Doer, doer_of
from services.assistance.cases.workdays import Workdays
from services.assistance.models import AssistanceCase

GRANT, REFUSE = "grant", "refuse"
FINDINGS = "独居，两居室旧房，无存款，主要靠居民养老金生活，药费每月约三百元。"
AMOUNTS_FEN = (38_000, 52_500, 61_200, 74_000)


@dataclass(frozen=True)
class Plot:
    """A case: how many working days ago each of its steps was, in their order."""

    ages: Sequence[int]
    benefit: str = "dibao"
    opinion: str = GRANT
    end: str = ""
    """What happened after the usual steps."""
    more: dict[str, Any] = field(default_factory=dict)


OVERDUE = Plot((7, 6))
"""The data check should have begun three working days after it was accepted."""
PLOTS = (
    Plot((9, 8, 7, 5, 2)),  # the elder's, shown publicly
    OVERDUE,
    Plot((22, 20, 15, 9), benefit="tekun"),  # the street's opinion is overdue
    Plot((0,)),
    Plot((1,), benefit="dibao_edge"),
    Plot((2,)),
    Plot((4,), end="missing"),
    Plot((6,), benefit="rigid_spending", end="missing"),
    Plot((2, 1)),
    Plot((3, 2), benefit="dibao_edge"),
    Plot((4, 1), more={"is_delegated": True}),
    Plot((5, 4, 2)),
    Plot((6, 5, 3), end="planned"),
    Plot((6, 4, 3), benefit="tekun", end="planned_with_caregiver"),
    Plot((8, 7, 5, 3)),
    Plot((9, 8, 6, 4), benefit="rigid_spending"),
    Plot((10, 9, 7, 5, 4)),
    Plot((10, 8, 7, 6, 1), benefit="dibao_edge"),
    Plot((18, 17, 15, 12, 10, 3)),
    Plot((16, 15, 13, 11, 8), opinion=REFUSE),
    Plot((19, 18, 16, 13, 11, 4), more={"relative_of_staff": "街道民政办 周明（侄子）"}),
    Plot((24, 23, 21, 18, 16, 8, 1)),
    Plot((40, 39, 36, 33, 30, 22, 18, 17)),
    Plot((60, 58, 55, 50, 48, 40, 35, 34), benefit="tekun"),
    Plot((258, 256, 254, 252, 250, 244, 242, 241)),
    Plot((138, 136, 134, 132, 131, 125, 123, 120), end="review", more={"is_unstable": True}),
    Plot((30, 29, 26, 24, 20, 18, 17), opinion=REFUSE),
    Plot((45, 44, 40, 38, 36, 30, 29), opinion=REFUSE, end="appeal"),
    Plot((12, 11, 9), end="withdrawn"),
)


@transaction.atomic
def seed(context: Context) -> None:
    """Plant the cases once; nobody is told of what happened before the demo began."""
    if not context.is_new:
        return
    cast = _Cast(context)
    for number, (plot, resident) in enumerate(zip(PLOTS, _residents(cast), strict=False)):
        _Player(cast, resident, plot, AMOUNTS_FEN[number % len(AMOUNTS_FEN)]).play()
    Consent.objects.get_or_create(
        resident_id=stories.ELDER,
        item=Consent.Item.ASSISTANCE,
        withdrawn_at=None,
        defaults={
            "purpose": "让女儿看到救助申请的进度",
            "given_by": f"resident:{stories.ELDER}",
            "given_at": context.now,
            "recorded_by": BY,
        },
    )
    Delivery.objects.filter(cause__startswith="case:").delete()


class _Cast:
    """The officers of the demo, and the calendar."""

    def __init__(self, context: Context) -> None:
        self.now = context.now
        self.days: Workdays = workdays.current()
        self.clerk_user = self._user("officer_street1")
        self.head_user = self._user("officer_street2")
        self.caregiver_user = self._user("caregiver1")
        self.clerk = doer_of(actor_of(self.clerk_user))
        self.county = doer_of(actor_of(self._user("officer")))

    @staticmethod
    def _user(username: str) -> User:
        return User.objects.select_related("area").get(pk=account_id(username))

    def ago(self, working_days: int, hour: int = 10) -> datetime:
        """An hour of the day that was so many working days ago; never after now."""
        day = self.days.subtract(timezone.localdate(self.now), working_days)
        at = workdays.morning_of(day) + timedelta(hours=hour - 9)
        return min(at, self.now)


def _residents(cast: _Cast) -> Iterator[Resident]:
    """The elder of the stories first, then others of the officers' street."""
    found = Resident.objects.select_related("area").filter(
        life_state=Resident.LifeState.HOME, area__path__startswith=_street(cast)
    )
    yield found.get(pk=stories.ELDER)
    others = found.exclude(pk__in=(stories.ELDER, stories.SECOND_ELDER))
    yield from others.order_by("pk")[: len(PLOTS) - 1]


def _street(cast: _Cast) -> str:
    area = cast.clerk_user.area
    return area.path if area else ""


class _Player:
    """Plays one plot, step by step, at its times."""

    def __init__(self, cast: _Cast, resident: Resident, plot: Plot, amount_fen: int) -> None:
        self.cast, self.resident, self.plot = cast, resident, plot
        self.amount_fen = amount_fen

    def play(self) -> None:
        """From the application to where the plot ends."""
        case = self._open(self.cast.ago(self.plot.ages[0], 9))
        usual = (self._accept, self._check, self._visit, self._propose, self._notice_over)
        steps = [*usual, self._confirm, self._letter]
        if self.plot.opinion == REFUSE:
            steps.remove(self._notice_over)
        for step, age in zip(steps, self.plot.ages[1:], strict=False):
            step(case, self.cast.ago(age))
        self._end(case)

    def _open(self, at: datetime) -> AssistanceCase:
        return actions.open_case(
            resident=self.resident,
            benefit=self.plot.benefit,
            authorised_by=f"resident:{self.resident.pk}",
            by=self.cast.clerk,
            now=at,
            **self.plot.more,
        )

    def _accept(self, case: AssistanceCase, at: datetime) -> None:
        case.documents.filter(is_fetched=False).update(received_at=at, received_by=BY)
        actions.accept_case(case, by=self.cast.clerk, now=at)

    def _check(self, case: AssistanceCase, at: datetime) -> None:
        actions.record_data_check(
            case, conforms=self.plot.opinion == GRANT, by=self.cast.county, now=at
        )

    def _plan(self, case: AssistanceCase, at: datetime, second: User, hours: int = 4) -> Any:
        return actions.plan_visit(
            case,
            staff=[self.cast.clerk_user, second],
            planned_at=at + timedelta(hours=hours),
            by=self.cast.clerk,
            now=at,
        )

    def _visit(self, case: AssistanceCase, at: datetime) -> None:
        visit = self._plan(case, at, self.cast.head_user, hours=0)
        actions.fill_visit(
            visit,
            household_size=1,
            findings=FINDINGS,
            household_signed_by=self.resident.name,
            by=self.cast.clerk,
            now=at,
        )
        for user in (self.cast.clerk_user, self.cast.head_user):
            by = Doer(user.reference, str(user), self.cast.clerk.level, user.pk)
            actions.sign_visit(visit, user_id=user.pk, lat=31.49, lon=120.31, by=by, now=at)

    def _propose(self, case: AssistanceCase, at: datetime) -> None:
        is_grant = self.plot.opinion == GRANT
        actions.propose(
            case,
            kind=self.plot.opinion,
            household_size=1,
            amount_fen=self.amount_fen if is_grant else None,
            grounds=[] if is_grant else ["income_not_below"],
            by=self.cast.clerk,
            now=at,
        )

    def _notice_over(self, case: AssistanceCase, at: datetime) -> None:
        actions.end_notice(case, now=at)

    def _confirm(self, case: AssistanceCase, at: datetime) -> None:
        actions.confirm(case, by=self.cast.county, now=at)

    def _letter(self, case: AssistanceCase, at: datetime) -> None:
        actions.issue_letter(case, by=self.cast.county, now=at)

    def _end(self, case: AssistanceCase) -> None:
        at = self.cast.ago(1, 15)
        match self.plot.end:
            case "missing":
                actions.list_missing(case, by=self.cast.clerk, now=at)
            case "planned":
                self._plan(case, at, self.cast.head_user)
            case "planned_with_caregiver":
                self._plan(case, at, self.cast.caregiver_user)
            case "review":
                actions.open_review(case, now=at)
            case "appeal":
                actions.appeal(case, note="申请人认为子女赡养费算多了", by=self.cast.clerk, now=at)
            case "withdrawn":
                actions.withdraw(case, note="子女接去同住", by=self.cast.clerk, now=at)
