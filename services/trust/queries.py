"""Opened records, questions and papers of guardians, as those who act on them may see them."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from backend.accounts.access import Scope
from backend.accounts.actors import Actor
from backend.accounts.queries import NOTHING, areas_condition, residents_condition
from backend.core.due import oldest_due_at as oldest
from backend.people.models import Contact, Guardianship, Resident
from services.trust.models import LookQuestion, RecordOpening
from services.trust.policies import GUARDIANS_AHEAD


def reaches(actor: Actor, resident: Resident) -> bool:
    """Whether somebody reads the sensitive fields of a resident in the ordinary way."""
    scope = actor.scope("residents", "read")
    return Resident.objects.filter(residents_condition(actor, scope), pk=resident.pk).exists()


def openings_visible_to(actor: Actor, action: str = "read") -> QuerySet[RecordOpening]:
    """One's own openings."""
    own = actor.scope("record-openings", action) is Scope.SELF
    reached = Q(user=actor.user_id) if own else NOTHING
    return RecordOpening.objects.filter(reached).select_related(
        "resident__area", "resident__household__address"
    )


def reviews_visible_to(actor: Actor, action: str = "list") -> QuerySet[RecordOpening]:
    """Openings about residents of one's area, those that wait first."""
    reached = areas_condition(
        actor, actor.scope("opening-reviews", action), path="resident__area__path"
    )
    return (
        RecordOpening.objects.filter(reached)
        .select_related("resident__area", "user", "reviewed_by")
        .order_by(F("due_at").asc(nulls_last=True), "-opened_at", "pk")
    )


def questions_visible_to(actor: Actor, action: str = "list") -> QuerySet[LookQuestion]:
    """Questions of residents of one's area, those due first."""
    reached = areas_condition(
        actor, actor.scope("look-questions", action), path="resident__area__path"
    )
    return LookQuestion.objects.filter(reached).select_related(
        "resident__area", "looked_by", "answered_by"
    )


def papers_visible_to(actor: Actor, action: str = "list") -> QuerySet[Guardianship]:
    """Papers of guardians in one's area that have not ended."""
    reached = areas_condition(
        actor, actor.scope("guardianships", action), path="contact__resident__area__path"
    )
    return Guardianship.objects.filter(reached, ended_at=None).select_related(
        "contact__resident__area"
    )


def papers_that_wait(actor: Actor, *, now: datetime) -> QuerySet[Guardianship]:
    """Those that a second person has to look at, or that are to be reviewed or end soon."""
    soon = timezone.localdate(now) + GUARDIANS_AHEAD
    waits = Q(verified_at=None) | Q(review_on__lte=soon) | Q(ends_on__lte=soon)
    return papers_visible_to(actor).filter(waits).order_by("review_on", "pk")


def guardians_without_paper(actor: Actor) -> QuerySet[Contact]:
    """Contacts whom somebody called a guardian, and who have no paper and so decide nothing."""
    reached = areas_condition(
        actor, actor.scope("guardianships", "list"), path="resident__area__path"
    )
    paper = Guardianship.objects.filter(contact=OuterRef("pk"), ended_at=None)
    named = Contact.objects.filter(reached, relation=Contact.Relation.GUARDIAN)
    return named.filter(~Exists(paper)).select_related("resident__area").order_by("pk")


def oldest_due_at(*, now: datetime) -> datetime | None:
    """When the most overdue opening or question was due."""
    moments = [
        oldest(RecordOpening.objects.filter(reviewed_at=None), now=now),
        oldest(LookQuestion.objects.filter(answered_at=None), now=now),
    ]
    return min((each for each in moments if each is not None), default=None)
