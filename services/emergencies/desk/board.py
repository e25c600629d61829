"""The queue on the left of the desk: who called, in the order in which they need somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from backend.accounts.actors import Actor
from backend.people.models import Resident
from notifications.models import CallIn
from services.alerts.models import Alert
from services.alerts.queries import alerts_visible_to
from services.emergencies.desk.words import metric_word, sex_word, titled
from services.emergencies.models import EmergencyCall
from services.emergencies.queries import open_calls

Kind = EmergencyCall.Kind
State = EmergencyCall.State
ALERTS_SHOWN = 20
ON_THE_PHONE_SHOWN = 5


@dataclass(frozen=True)
class Row:
    """One call of the queue."""

    call: EmergencyCall
    today: date

    @property
    def name(self) -> str:
        """Who called, or that nobody knows."""
        if self.call.resident:
            return self.call.resident.name
        return self.call.claimed_name or gettext("Unknown caller")

    @property
    def title(self) -> str:
        """Who called and how old they are."""
        return titled(self.name, self._age_years)

    @property
    def heading(self) -> str:
        """Who called, their age and sex."""
        resident = self.call.resident
        return titled(self.name, self._age_years, sex_word(resident) if resident else "")

    @property
    def _age_years(self) -> int | None:
        return age_years(self.call.resident, self.today) if self.call.resident else None

    @property
    def what(self) -> str:
        """What called."""
        return metric_word(self.call.source_metric)

    @property
    def status(self) -> str:
        """Kind of its status, as the design system's shapes name them."""
        return status_of(self.call)

    @property
    def word(self) -> str:
        """The status in a word; wishes wait, they do not ring."""
        if self.status == "waiting":
            return gettext("waiting")
        return self.call.get_state_display()

    @property
    def rings(self) -> bool:
        """Whether the console makes a sound for it."""
        return rings(self.call)


@dataclass(frozen=True)
class Board:
    """Open calls in lanes, and the alerts below them."""

    calls: Sequence[Row]
    unverified: Sequence[Row]
    wishes: Sequence[Row]
    alerts: Sequence[Alert]
    alert_count: int
    on_the_phone: Sequence[CallIn] = ()

    @property
    def ringing(self) -> list[Row]:
        """Calls that nobody at the desk has taken, the most pressing first."""
        return [row for row in (*self.calls, *self.unverified) if row.rings]

    @property
    def open_count(self) -> int:
        """How many calls are open."""
        return len(self.calls) + len(self.unverified) + len(self.wishes)


def board_for(actor: Actor, *, today: date) -> Board:
    """The queue of an actor's area: emergencies, unverified calls, wishes, open alerts."""
    rows = [Row(call, today) for call in open_calls(actor)]
    alerts = alerts_visible_to(actor, "list").filter(state__in=Alert.OPEN).order_by("raised_at")
    emergencies = [row for row in rows if row.call.kind == Kind.EMERGENCY]
    return Board(
        calls=[row for row in emergencies if row.call.verified],
        unverified=[row for row in emergencies if not row.call.verified],
        wishes=[row for row in rows if row.call.kind != Kind.EMERGENCY],
        alerts=list(alerts[:ALERTS_SHOWN]),
        alert_count=alerts.count(),
        on_the_phone=on_the_phone(actor),
    )


def on_the_phone(actor: Actor) -> list[CallIn]:
    """Who is on the line to us at this moment, the newest first; those who are known by number.

    Strangers are not listed: they stand below as unverified as soon as they want something.
    """
    if not actor.area_path or actor.scope("calls", "take") is None:
        return []
    known = CallIn.objects.filter(ended_at=None, area_path__startswith=actor.area_path)
    newest = known.exclude(person="").order_by("-began_at").prefetch_related("bridges")
    return list(newest[:ON_THE_PHONE_SHOWN])


def rings(call: EmergencyCall) -> bool:
    """Whether a call makes the consoles ring: as long as the duty phones would.

    A press after a while makes it so again, also for a call that somebody has taken.
    """
    return call.duty_due_at is not None and call.state != State.RESOLVED


def status_of(call: EmergencyCall) -> str:
    """Kind of a call's status for the design system."""
    if call.state == State.RINGING:
        return "ringing" if call.kind == Kind.EMERGENCY else "waiting"
    return "done" if call.state == State.RESOLVED else "underway"


def age_years(resident: Resident, today: date) -> int | None:
    """Full years of life, where the birth date is known."""
    born = resident.birth_date
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
