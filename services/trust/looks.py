"""Who looked at a resident's record: the audit's rows of reads, in plain words, day by day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.accounts.actors import Actor
from backend.accounts.models import STAFF_ROLES, Role, User
from backend.audit.models import AuditRow
from backend.people.models import Contact, Resident
from backend.people.queries import guardianships_in_force
from services.trust.models import LookQuestion
from services.trust.policies import LOOKS_SHOWN_FOR

ROWS_READ = 5000
"""Of one record in half a year; who is looked at more often sees the latest."""

SELF, HEALTH, HOME, PEOPLE = _("who you are"), _("your health"), _("your home"), _("your contacts")
CARE, PAPERS, WORDS = _("your care"), _("benefits and papers"), _("what you told us")

THINGS: dict[str, str | Promise] = {
    **dict.fromkeys(
        ("name", "birth_date", "sex", "id_number", "phone", "second_phone", "resident"), SELF
    ),
    **dict.fromkeys(
        ("conditions", "allergies", "medicines", "responder_notes", "mobility", "ability"), HEALTH
    ),
    **dict.fromkeys(
        ("address", "door_code", "key_holder", "entry_notes", "position", "code"), HOME
    ),
    "contacts": PEOPLE,
    **dict.fromkeys(("reminders", "welfare_notes", "instructions", "notes", "visits"), CARE),
    **dict.fromkeys(("amount", "ruling", "verdict", "papers", "documents", "facts"), PAPERS),
    **dict.fromkeys(("words", "answer", "rating_words", "note"), WORDS),
}
"""What the names of read fields mean to the person; any other is "your record"."""

CAUSES: dict[str, str | Promise] = {
    "call": _("a call for help"),
    "visit": _("a visit"),
    "careplan": _("your care plan"),
    "case": _("an application of yours"),
    "offer": _("a benefit for you"),
    "order": _("an order of yours"),
    "complaint": _("a complaint"),
    "alert": _("a warning from your home"),
    "rights-request": _("what you asked about your data"),
    "opening": _("an emergency: they are not in charge of you otherwise"),
}
"""In connection with what, by the beginning of what was read; others say nothing of it."""


@dataclass(frozen=True)
class Whose:
    """A resident whose looks somebody may see, and as whom they ask."""

    resident: Resident
    asker: str
    """ "resident:<uuid>", or their guardian as "contact:<uuid>"."""


@dataclass
class Look:
    """All that one account read of a resident on one day."""

    day: date
    looked_by: User
    things: set[str] = field(default_factory=set)
    causes: set[str] = field(default_factory=set)
    question: LookQuestion | None = None

    @property
    def name(self) -> str:
        """Their name, as the person may know it; never the name of an account."""
        return self.looked_by.name

    @property
    def role(self) -> str | Promise:
        """As what they looked."""
        return Role(self.looked_by.role).label

    @property
    def is_staff(self) -> bool:
        """Whether they work for the care centre or the offices; else they are family."""
        return self.looked_by.role in STAFF_ROLES


def whose_looks(actor: Actor, *, now: datetime) -> list[Whose]:
    """Oneself, or the residents whom one decides for as their guardian."""
    if actor.scope("looks", "read") is None:
        return []
    if actor.resident_id:
        own = Resident.objects.select_related("area", "household").get(pk=actor.resident_id)
        return [Whose(own, f"resident:{own.pk}")]
    papers = guardianships_in_force(today=timezone.localdate(now)).values("contact")
    contacts = Contact.objects.filter(pk__in=actor.contact_ids).filter(pk__in=papers)
    found = contacts.select_related("resident__area", "resident__household").order_by("pk")
    return [Whose(each.resident, f"contact:{each.pk}") for each in found]


def looks_at(resident: Resident, *, now: datetime, besides: UUID | None = None) -> list[Look]:
    """The newest day first; `besides`: the account that reads this, which knows of itself."""
    rows = _rows(resident, since=now - LOOKS_SHOWN_FOR).order_by("-at", "-pk")[:ROWS_READ]
    users = User.objects.in_bulk({key for row in rows if (key := _user_key(row.actor))})
    questions = {(each.looked_by_id, each.looked_on): each for each in _questions(resident)}
    looks: dict[tuple[date, UUID], Look] = {}
    for row in rows:
        user = users.get(_user_key(row.actor) or UUID(int=0))
        if user is None or user.pk == besides or user.resident_id == resident.pk:
            continue
        day = timezone.localdate(row.at)
        look = looks.setdefault((day, user.pk), Look(day, user))
        look.things.update(_things(row.fields))
        look.causes.update(_causes(row.subject))
        look.question = questions.get((user.pk, day))
    return list(looks.values())


def has_looked(resident: Resident, user_id: UUID, day: date, *, now: datetime) -> bool:
    """Whether an account read anything of a resident on a day."""
    start = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    rows = _rows(resident, since=max(start, now - LOOKS_SHOWN_FOR))
    return rows.filter(actor=f"user:{user_id}", at__lt=start + timedelta(days=1)).exists()


def look_of(question: LookQuestion, *, now: datetime) -> Look | None:
    """The look that a question is about; None where its rows are not kept any more."""
    asked = (question.looked_on, question.looked_by_id)
    looks = looks_at(question.resident, now=now)
    return next((each for each in looks if (each.day, each.looked_by.pk) == asked), None)


def _rows(resident: Resident, *, since: datetime) -> QuerySet[AuditRow]:
    about = Q(resident_id=resident.pk) | Q(subject=f"household:{resident.household_id}")
    reads = AuditRow.objects.filter(about, action=AuditRow.Action.READ, at__gte=since)
    return reads.filter(actor__startswith="user:")


def _questions(resident: Resident) -> Iterable[LookQuestion]:
    return LookQuestion.objects.filter(resident=resident)


def _user_key(actor: str) -> UUID | None:
    try:
        return UUID(actor.partition(":")[2])
    except ValueError:
        return None


def _things(fields: Iterable[str]) -> Iterator[str]:
    yield from (str(THINGS[name]) if name in THINGS else gettext("your record") for name in fields)


def _causes(subject: str) -> Iterator[str]:
    cause = CAUSES.get(subject.partition(":")[0])
    if cause is not None:
        yield str(cause)
