"""Reviews, questions and guardians' papers as work that waits for a person."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.accounts.actors import Actor
from backend.accounts.models import Role
from backend.people.models import Contact, Guardianship
from services.alerts import worklists
from services.alerts.worklists import Level, Waiting, WorkItem, Worklist
from services.trust import queries
from services.trust.models import LookQuestion, RecordOpening
from services.trust.policies import REVIEWED_WITHIN, climb_number


def openings(actor: Actor, now: datetime, limit: int) -> Waiting:
    """Records that were opened in an emergency and that nobody has reviewed."""
    rows = queries.reviews_visible_to(actor, "review").filter(
        reviewed_at=None, told_at__isnull=False
    )
    rows = rows.order_by("until_at", "pk")
    return Waiting(
        total=rows.count(),
        overdue=rows.filter(until_at__lt=now - REVIEWED_WITHIN).count(),
        items=[_opening(row) for row in rows[:limit]],
    )


def _opening(row: RecordOpening) -> WorkItem:
    return WorkItem(
        reference=row.reference,
        kind="openings",
        title=_("Opened in an emergency: review"),
        url=f"{reverse('opening_reviews')}#opening-{row.pk}",
        area=row.resident.area.name,
        area_path=row.resident.area.path,
        level=Level.ORANGE,
        since=row.ended_at,
        due_at=row.ended_at + REVIEWED_WITHIN,
        resident_id=row.resident_id,
        who=row.resident.name,
        next_climb_at=row.due_at,
        next_climb_to=Role(climb_number(row.climbs).to).label,
    )


def questions(actor: Actor, now: datetime, limit: int) -> Waiting:
    """Questions why somebody looked that nobody has answered."""
    rows = queries.questions_visible_to(actor, "answer").filter(answered_at=None)
    return Waiting(
        total=rows.count(),
        overdue=rows.filter(answer_by_at__lt=now).count(),
        items=[_question(row) for row in rows[:limit]],
    )


def _question(row: LookQuestion) -> WorkItem:
    return WorkItem(
        reference=row.reference,
        kind="look-questions",
        title=_("Asks who looked and why"),
        url=f"{reverse('look_questions')}#question-{row.pk}",
        area=row.resident.area.name,
        area_path=row.resident.area.path,
        level=Level.BLUE,
        since=row.asked_at,
        due_at=row.answer_by_at,
        resident_id=row.resident_id,
        who=row.resident.name,
        next_climb_at=row.due_at,
        next_climb_to=Role(climb_number(row.climbs).to).label,
    )


def papers(actor: Actor, now: datetime, limit: int) -> Waiting:
    """Papers of guardians to be looked at, and guardians who have none."""
    rows = queries.papers_that_wait(actor, now=now)
    bare = queries.guardians_without_paper(actor)
    items = [
        *[_paper(row, now) for row in rows[:limit]],
        *[_bare(row, now) for row in bare[:limit]],
    ]
    today = timezone.localdate(now)
    return Waiting(
        total=rows.count() + bare.count(),
        overdue=rows.filter(review_on__lt=today).count(),
        items=sorted(items, key=lambda item: item.due_at)[:limit],
    )


def _paper(row: Guardianship, now: datetime) -> WorkItem:
    resident = row.contact.resident
    due_on = min(row.review_on, row.ends_on or row.review_on)
    midnight = datetime.combine(due_on, datetime.min.time())
    due_at = timezone.make_aware(midnight) + timedelta(days=1)
    if row.verified_at is None:
        due_at = row.recorded_at + worklists.WITHIN[Level.RED]
    return WorkItem(
        reference=f"guardianship:{row.pk}",
        kind="guardians",
        title=_("Guardian: a second look") if row.verified_at is None else _("Guardian: review"),
        url=f"{reverse('guardian_papers')}#paper-{row.pk}",
        area=resident.area.name,
        area_path=resident.area.path,
        level=Level.RED if row.verified_at is None else Level.BLUE,
        since=min(row.recorded_at, now),
        due_at=due_at,
        resident_id=resident.pk,
        who=resident.name,
    )


def _bare(row: Contact, now: datetime) -> WorkItem:
    return WorkItem(
        reference=f"contact:{row.pk}",
        kind="guardians",
        title=_("Guardian without a paper"),
        url=reverse("guardian_papers"),
        area=row.resident.area.name,
        area_path=row.resident.area.path,
        level=Level.BLUE,
        since=now,
        due_at=now + worklists.WITHIN[Level.BLUE],
        resident_id=row.resident_id,
        who=row.resident.name,
    )


for _worklist in (
    Worklist("openings", _("Opened records"), openings, order=70),
    Worklist("look-questions", _("Who looked: questions"), questions, order=72),
    Worklist("guardians", _("Guardians"), papers, order=74),
):
    worklists.register(_worklist)
