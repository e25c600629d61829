"""Benefits in the demo district: what is known of some residents, and offers in every state.

Offers are dated back and nobody is rung of what happened before the demo began. Amounts are those
of the invented pack; without it nothing is planted.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone

from backend.accounts.models import User
from backend.people.models import Resident
from backend.runtime.demo import stories
from backend.runtime.demo.accounts import account_id
from backend.runtime.demo.context import Context
from notifications.models import Delivery
from services.assistance.models import AssistanceCase, BenefitOffer
from services.assistance.offers import actions
from services.assistance.offers.actions import Answerer
from services.assistance.policy import packs
from services.assistance.policy.actions import record_facts
from services.assistance.policy.knowledge import Known

BENEFIT = "old_age_allowance"
REGISTER = "户籍系统（虚构）"
PLOTS = (
    "open",
    "in_force",
    "to_check",
    "in_force",
    "to_confirm",
    "declined",
    "in_force",
    "unanswered",
    "person",
    "in_force",
    "followed",
    "open",
)
"""How each offer stands, again and again; the elder of the stories has an open one."""
OFFERED_TO = 24
ELSEWHERE = 4
"""So many are registered elsewhere, which is no; the rest of the district is not known."""
INCOME: dict[str, Known] = {
    "wages": 0,
    "business_income": 0,
    "property_income": 0,
    "transfers": 62_000,
    "central_basic_pension": 12_300,
    "deductions": 8_000,
    "property_within_limits": True,
}


@transaction.atomic
def seed(context: Context) -> None:
    """Plant the facts and offers once."""
    if not (context.is_new and packs.current().invented):
        return
    player = _Player(context)
    for number, resident in enumerate(player.elders()):
        player.register(resident, local=number < OFFERED_TO or resident.pk == stories.ELDER)
        if number < OFFERED_TO:
            player.play(resident, PLOTS[number % len(PLOTS)], days=number % 9 + 1)
    player.know_income()
    Delivery.objects.filter(cause__startswith="offer:").delete()


class _Player:
    """Plays the offers of a street."""

    def __init__(self, context: Context) -> None:
        self.now = context.now
        self.today: date = timezone.localdate(context.now)
        self.clerk, self.county = self._user("officer_street1"), self._user("officer")
        self.plots: dict[str, Callable[[BenefitOffer, Any], object]] = {
            "open": lambda _offer, _at: None,
            "in_force": self._in_force,
            "to_check": self._taken,
            "to_confirm": self._checked,
            "declined": self._declined,
            "unanswered": self._unanswered,
            "person": self._wants_person,
            "followed": self._followed,
        }

    @staticmethod
    def _user(username: str) -> User:
        return User.objects.select_related("area").get(pk=account_id(username))

    def elders(self) -> list[Resident]:
        """Those of the street who are old enough, the elder of the stories first."""
        street = self.clerk.area.path if self.clerk.area else ""
        old = Resident.objects.select_related("area").filter(
            life_state=Resident.LifeState.HOME,
            area__path__startswith=street,
            birth_date__lte=self.today - relativedelta(years=80, months=1),
        )
        story = (stories.ELDER, stories.SECOND_ELDER)
        own = list(old.filter(pk=stories.ELDER))
        others = old.exclude(pk__in=story).exclude(phone_index="").order_by("pk")
        return [*own, *others[: OFFERED_TO + ELSEWHERE - len(own)]]

    def register(self, resident: Resident, *, local: bool) -> None:
        """The household register says where they are registered."""
        self._know(resident, {"local_register": local}, REGISTER, days=20)

    def _know(
        self, resident: Resident, values: dict[str, Known], source: str, *, days: int
    ) -> None:
        at = self.now - timedelta(days=days)
        day = timezone.localdate(at)
        record_facts(resident, values, source=source, as_of=day, by=None, now=at)

    def know_income(self) -> None:
        """What the data check found of those whose case has come so far."""
        cases = AssistanceCase.objects.filter(benefit__in=("dibao", "dibao_edge"))
        for case in cases.filter(data_conforms__isnull=False).select_related("resident")[:12]:
            self._know(case.resident, INCOME, "数据核对（虚构）", days=3)

    def play(self, resident: Resident, plot: str, *, days: int) -> None:
        """Make an offer some days ago and let it stand as the plot says."""
        at = self.now - timedelta(days=days)
        offer = actions.make_offer(resident, BENEFIT, now=at)
        if offer is None:
            return
        if plot != "unanswered":
            BenefitOffer.objects.filter(pk=offer.pk).update(
                asked_times=1, due_at=self.now + timedelta(days=2)
            )
        self.plots[plot](offer, at + timedelta(hours=3))

    def _own(self, offer: BenefitOffer) -> Answerer:
        return Answerer(f"resident:{offer.resident_id}", BenefitOffer.Via.PHONE)

    def _taken(self, offer: BenefitOffer, at: Any) -> Any:
        return actions.answer_offer(offer, takes=True, by=self._own(offer), now=at)

    def _checked(self, offer: BenefitOffer, at: Any) -> Any:
        row = self._taken(offer, at).entitlements.get()
        account = f"6222 0000 0000 {offer.resident.pk.int % 10_000:04}"
        return actions.check_entitlement(row, account=account, by=self.clerk.pk, now=at)

    def _in_force(self, offer: BenefitOffer, at: Any) -> None:
        row = self._checked(offer, at)
        actions.confirm_entitlement(row, by=self.county.pk, now=at)

    def _declined(self, offer: BenefitOffer, at: Any) -> None:
        actions.answer_offer(offer, takes=False, by=self._own(offer), now=at)

    def _unanswered(self, offer: BenefitOffer, at: Any) -> None:
        BenefitOffer.objects.filter(pk=offer.pk).update(
            asked_times=3, due_at=None, to_follow_since=at
        )

    def _wants_person(self, offer: BenefitOffer, at: Any) -> None:
        actions.ask_for_person(offer, by=self._own(offer), now=at)

    def _followed(self, offer: BenefitOffer, at: Any) -> None:
        self._declined(offer, at)
        text = "已上门说明，老人仍表示不需要。"
        actions.follow_up(offer, text=text, by=self.clerk.pk, now=at)
