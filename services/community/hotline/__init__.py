"""The government's hotline (12345): its tickets come in as complaints, our answers go out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from backend.audit.actions import record_sharing
from backend.core.errors import DomainError
from backend.people.queries import resident_by_phone
from backend.places.models import Area
from services.community import actions
from services.community.doers import Doer
from services.community.hotline.port import GovernmentHotline, Row, Ticket, TicketAnswer
from services.community.limits import limit_until
from services.community.models import Complaint

BASIS = "12345"


@cache
def port() -> GovernmentHotline:
    """How this district's hotline writes its tables."""
    made: GovernmentHotline = import_string(settings.GOVERNMENT_HOTLINE)()
    return made


@dataclass
class Line:
    """What became, or would become, of one row."""

    number: int
    ticket: str
    kind: str
    """new, known or refused."""
    errors: list[tuple[str, str]] = field(default_factory=list)
    """Column and code of each thing that is wrong."""


@dataclass
class Report:
    """What became, or would become, of a table."""

    is_dry_run: bool
    lines: list[Line]

    def count(self, kind: str) -> int:
        """How many rows are of a kind."""
        return sum(line.kind == kind for line in self.lines)

    @property
    def new(self) -> int:
        """Rows that are complaints now, or would be."""
        return self.count("new")

    @property
    def known(self) -> int:
        """Rows whose ticket was there before; nothing of it is changed."""
        return self.count("known")

    @property
    def refused(self) -> int:
        """Rows that cannot be used."""
        return self.count("refused")


@transaction.atomic
def take_in(
    rows: Sequence[Row], *, area: Area, root: Area, is_dry_run: bool, by: Doer, now: datetime
) -> Report:
    """Make complaints of the rows of a table; a ticket that is known stays as it is.

    `area` is where a ticket lies that names none; `root` holds all areas that may be named. A dry
    run keeps nothing and says the same.
    """
    lines = [_take_in(row, area=area, root=root, by=by, now=now) for row in rows]
    if is_dry_run:
        transaction.set_rollback(True)
    return Report(is_dry_run, lines)


def _take_in(row: Row, *, area: Area, root: Area, by: Doer, now: datetime) -> Line:
    if row.ticket is None:
        return Line(row.number, row.said_ticket, "refused", list(row.errors))
    ticket = row.ticket
    if Complaint.objects.filter(hotline_number=ticket.number).exists():
        return Line(row.number, ticket.number, "known")
    where = _area(ticket, area, root)
    if where is None:
        return Line(row.number, ticket.number, "refused", [("area", "unknown")])
    try:
        with transaction.atomic():
            _complain(ticket, where, by=by, now=now)
    except IntegrityError:
        # The same table came in twice at the same moment.
        return Line(row.number, ticket.number, "known")
    except DomainError as error:
        wrong = error.data.get("fields", {"": [error.code]})
        codes = [(name, code) for name, each in wrong.items() for code in each]
        return Line(row.number, ticket.number, "refused", codes)
    return Line(row.number, ticket.number, "new")


def _complain(ticket: Ticket, area: Area, *, by: Doer, now: datetime) -> Complaint:
    resident = resident_by_phone(ticket.phone) if ticket.phone else None
    own = resident if resident and resident.area.path.startswith(area.path) else None
    limit = (
        limit_until(ticket.answer_by, received_at=ticket.received_at, basis=BASIS)
        if ticket.answer_by
        else None
    )
    return actions.complain(
        area=own.area if own else area,
        category=ticket.category,
        words=ticket.words,
        source=Complaint.Source.HOTLINE,
        resident=own,
        name=ticket.name,
        phone=ticket.phone,
        hotline_number=ticket.number,
        received_at=ticket.received_at,
        limit=limit,
        by=by,
        now=now,
    )


def _area(ticket: Ticket, area: Area, root: Area) -> Area | None:
    if not ticket.area:
        return area
    within = Area.objects.filter(path__startswith=root.path)
    found = list(within.filter(name=ticket.area)[:2]) or list(within.filter(code=ticket.area)[:2])
    return found[0] if len(found) == 1 else None


def hand_over(complaints: QuerySet[Complaint], *, by: str, now: datetime) -> list[TicketAnswer]:
    """The answers to the hotline's tickets among these, the oldest first; each is audited."""
    tickets = complaints.exclude(hotline_number="").order_by("received_at", "hotline_number")
    handed = list(tickets)
    record_sharing(
        {each.reference: each.resident_id for each in handed},
        actor=by,
        fields=["answer"],
        to="hotline:12345",
        now=now,
    )
    return [
        TicketAnswer(
            number=each.hotline_number,
            state=each.state,
            answer=each.answer,
            answered_at=each.answered_at,
            answered_by=each.answered_by_name,
            outcome=each.outcome,
            closed_at=each.closed_at,
        )
        for each in handed
    ]
