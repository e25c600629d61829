"""From a taken offer to money: one officer checks, another confirms, and it ends by its reason."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from services.assistance.models import BenefitOffer, Entitlement, KnownFact
from services.assistance.offers.errors import NotNow, NotOfferable, OwnCheck, ReasonNeeded
from services.assistance.offers.record import note
from services.assistance.offers.telling import tell
from services.assistance.policy import months, snapshots
from services.assistance.policy.judging import judge_resident, keep_ruling

State, End = Entitlement.State, Entitlement.End


def propose_entitlement(
    offer: BenefitOffer, *, entered_by: UUID | None, now: datetime
) -> Entitlement:
    """Write down what a taken offer gives, to be looked at by two officers.

    The first month is the one the parameter of the rule names, counted from the answer.

    Raises:
        NotOfferable: the ruling of the offer names no amount or no first month.
    """
    recalled = snapshots.recall(offer.ruling.content)
    first = recalled.knowledge.value(recalled.rule.starts)
    amount = recalled.judgement.amount_fen
    if not amount or first is None:
        raise NotOfferable
    entitlement = Entitlement.objects.create(
        resident=offer.resident,
        area=offer.area,
        offer=offer,
        benefit=offer.benefit,
        amount_fen=amount,
        starts_on=months.first_month(str(first), timezone.localdate(now)),
        ruling=offer.ruling,
        proposed_at=now,
        entered_by_id=entered_by,
    )
    by = f"user:{entered_by}" if entered_by else offer.answered_by
    note(entitlement, "proposed", by=by, now=now)
    return entitlement


@transaction.atomic
def check_entitlement(
    entitlement: Entitlement, *, account: str, by: UUID, now: datetime
) -> Entitlement:
    """The first officer has looked at register, life, other cities and the account.

    Raises:
        ReasonNeeded: no account is named.
        NotNow: it is not to be checked.
    """
    if not account.strip():
        raise ReasonNeeded(fields={"account": ["needed"]})
    row = _locked(entitlement)
    if row.state != State.PROPOSED:
        raise NotNow
    row.state, row.account, row.returned_note = State.CHECKED, account.strip(), ""
    row.checked_by_id, row.checked_at = by, now
    row.save()
    note(row, "checked", by=f"user:{by}", now=now)
    return row


@transaction.atomic
def confirm_entitlement(entitlement: Entitlement, *, by: UUID, now: datetime) -> Entitlement:
    """The second officer confirms; from now on it is paid, and the person is told.

    Raises:
        OwnCheck: they checked it, wrote down the answer, or entered a fact that it rests on.
        NotNow: it is not to be confirmed.
    """
    row = _locked(entitlement)
    if row.state != State.CHECKED:
        raise NotNow
    if by in {row.checked_by_id, row.entered_by_id} or _entered_its_facts(row, by):
        raise OwnCheck
    _end_before(row, by=f"user:{by}", now=now)
    row.state, row.confirmed_by_id, row.confirmed_at = State.IN_FORCE, by, now
    row.save()
    note(row, "in_force", by=f"user:{by}", now=now)
    tell(row.offer, "benefit_in_force", run=f"in_force.{row.pk}", now=now, starts_on=row.starts_on)
    return row


def _end_before(row: Entitlement, *, by: str, now: datetime) -> None:
    """What was paid so far ends the day before the new amount begins."""
    before = Entitlement.objects.select_for_update(of=("self",)).select_related("area")
    for old in before.filter(resident=row.resident_id, benefit=row.benefit, state=State.IN_FORCE):
        old.state, old.end_reason, old.ended_at = State.ENDED, End.CHANGED, now
        old.ends_on = row.starts_on - timedelta(days=1)
        old.save()
        note(old, "ended", by=by, now=now)


@transaction.atomic
def propose_change(entitlement: Entitlement, *, by: UUID, now: datetime) -> Entitlement:
    """The amount is another now, as at 90: write the new one down, to be looked at by two.

    What is paid goes on until the new one is confirmed.

    Raises:
        NotOfferable: the rules say the same amount, or not yes.
        NotNow: it is not in force, or a change waits already.
    """
    row = _locked(entitlement)
    pending = Entitlement.objects.filter(
        resident=row.resident_id, benefit=row.benefit, state__in=(State.PROPOSED, State.CHECKED)
    )
    if row.state != State.IN_FORCE or pending.exists():
        raise NotNow
    judged = judge_resident(row.resident, row.benefit, day=timezone.localdate(now))
    if not judged.is_payable or judged.judgement.amount_fen == row.amount_fen:
        raise NotOfferable
    offer = row.offer
    offer.ruling = keep_ruling(row.resident, judged, now=now)
    offer.amount_fen = judged.judgement.amount_fen
    offer.save(update_fields=["ruling", "amount_fen"])
    return propose_entitlement(offer, entered_by=by, now=now)


def _entered_its_facts(row: Entitlement, by: UUID) -> bool:
    """Whether this officer entered one of the facts that the ruling rests on."""
    used = snapshots.recall(row.ruling.content).used_facts
    return any(
        fact.as_of is not None
        and KnownFact.objects.filter(
            resident=row.resident_id,
            name=fact.name,
            as_of=fact.as_of,
            source=fact.source,
            entered_by=by,
        ).exists()
        for fact in used
    )


@transaction.atomic
def return_entitlement(
    entitlement: Entitlement, *, text: str, by: UUID, now: datetime
) -> Entitlement:
    """The second officer sends it back with what is wrong.

    Raises:
        ReasonNeeded: it does not say what.
        NotNow: it is not to be confirmed.
    """
    if not text.strip():
        raise ReasonNeeded
    row = _locked(entitlement)
    if row.state != State.CHECKED:
        raise NotNow
    row.state, row.returned_note = State.PROPOSED, text.strip()
    row.checked_by_id = row.checked_at = None
    row.save()
    note(row, "returned", by=f"user:{by}", now=now)
    return row


@transaction.atomic
def end_entitlement(
    entitlement: Entitlement, *, reason: str, on: date, by: str, now: datetime
) -> Entitlement:
    """End it with the month of a day; what was never paid is taken off the list.

    What ends as the conditions are not met may be offered anew afterwards. Ending again changes
    nothing.
    """
    row = _locked(entitlement)
    if row.state not in Entitlement.LIVE:
        return row
    row.state, row.end_reason, row.ended_at = State.ENDED, reason, now
    row.ends_on = months.end_of_month(on)
    row.save()
    if reason in Entitlement.MAY_PASS:
        _offer_anew_after(row)
    note(row, "ended", by=by, now=now)
    return row


def _offer_anew_after(ended: Entitlement) -> None:
    """Let the benefit be offered once the last paid month is over, if nothing of it goes on."""
    offer = ended.offer
    if ended.ends_on is None or offer.entitlements.filter(state__in=Entitlement.LIVE).exists():
        return
    offer.again_from = ended.ends_on + timedelta(days=1)
    offer.save(update_fields=["again_from"])


def _locked(entitlement: Entitlement) -> Entitlement:
    return (
        Entitlement.objects.select_for_update(of=("self",))
        .select_related("resident", "area", "offer__resident", "offer__area", "ruling")
        .get(pk=entitlement.pk)
    )
