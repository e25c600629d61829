"""Why did somebody look? Asked with one press, answered by somebody else, in plain words."""

from datetime import date, datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from backend.accounts.actors import Actor
from backend.audit.models import AuditRow
from backend.core import due
from backend.core.contained import contained
from backend.core.errors import Invalid
from services.trust import policies, telling
from services.trust.errors import AboutOneself, AlreadyAnswered, NothingSeen
from services.trust.looks import Whose, has_looked
from services.trust.models import LookQuestion
from services.trust.record import note

Action = AuditRow.Action
PORTION, LEASE_S = 100, 30.0


@transaction.atomic
def ask_why(
    whose: Whose, *, looked_by: UUID, looked_on: date, by: str, now: datetime
) -> LookQuestion:
    """Ask why an account looked at a record on a day; once, however often it is pressed.

    Raises:
        NothingSeen: it did not.
    """
    resident = whose.resident
    if not has_looked(resident, looked_by, looked_on, now=now):
        raise NothingSeen
    question, is_new = LookQuestion.objects.get_or_create(
        resident=resident,
        looked_by_id=looked_by,
        looked_on=looked_on,
        defaults={
            "asked_by": whose.asker,
            "asked_at": now,
            "answer_by_at": now + policies.ANSWERED_WITHIN,
            "due_at": policies.climbs_at(now, policies.ANSWERED_WITHIN, 0, now=now),
        },
    )
    if is_new:
        note(question, "look_question.asked", Action.CREATE, by=by, now=now)
    return question


@transaction.atomic
def answer_question(
    question: LookQuestion, *, because: str, answer: str, actor: Actor, now: datetime
) -> LookQuestion:
    """Answer it, and tell whoever asked; the sentence chosen is said, the rest is on their page.

    Raises:
        Invalid: no reason was chosen.
        AboutOneself, AlreadyAnswered: it is not theirs to answer.
    """
    if because not in LookQuestion.Because.values:
        raise Invalid(fields={"because": ["unknown_reason"]})
    locked = (
        LookQuestion.objects.select_for_update(of=("self",))
        .select_related("resident__area")
        .get(pk=question.pk)
    )
    if locked.answered_at is not None:
        raise AlreadyAnswered
    if locked.looked_by_id == actor.user_id:
        raise AboutOneself
    locked.because, locked.answer = because, answer.strip()
    locked.answered_by_id, locked.answered_at, locked.due_at = actor.user_id, now, None
    locked.save(update_fields=["because", "answer", "answered_by", "answered_at", "due_at"])
    by = actor.reference
    note(locked, "look_question.answered", Action.CHANGE, fields=["answer"], by=by, now=now)
    telling.tell_answer(locked, now=now)
    return locked


def climb_questions(*, now: datetime) -> int:
    """Let questions that nobody has answered climb; returns how many were due."""
    claimed = due.claim(
        LookQuestion.objects.filter(answered_at=None), now=now, lease_s=LEASE_S, limit=PORTION
    )
    for question in claimed:
        contained(f"climbing of question {question.pk}", partial(_climb, question, now))
    return len(claimed)


@transaction.atomic
def _climb(question: LookQuestion, now: datetime) -> None:
    later = policies.climbs_at(
        question.asked_at, policies.ANSWERED_WITHIN, question.climbs + 1, now=now
    )
    if due.finish(question, due_at=later, climbs=question.climbs + 1):
        telling.tell_that_it_waits(
            question, template="look_question_waits", climbs=question.climbs, now=now
        )
