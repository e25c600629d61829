"""The story of a call: every event of the journal as a plain sentence with its time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import User
from backend.core import journal
from backend.core.models import JournalEvent
from services.emergencies.desk.words import listed, metric_word
from services.emergencies.models import EmergencyCall

Outcome = EmergencyCall.Outcome

SENTENCES: Mapping[str, str | Promise] = {
    "call.opened": _("The call came in: %(what)s."),
    "call.pressed_again": _("Pressed again: %(count)s times by now."),
    "call.handled": _("%(by)s took the call at the desk."),
    "call.spoken": _("%(by)s called back and spoke with the resident."),
    "call.put_through": _("The caller was put through to %(by)s."),
    "call.hung_up": _("They spoke for %(count)s seconds on the telephone."),
    "call.call_back_wanted": _("Nobody could take the caller, who is to be rung back."),
    "call.no_answer": _("%(by)s called back; nobody answered."),
    "call.note": _("%(by)s wrote a note."),
    "call.step": _("Step %(step)s of round %(round)s: %(people)s."),
    "call.step:nobody": _("Step %(step)s of round %(round)s: nobody to ring."),
    "call.offered": _("Offered to %(who)s."),
    "call.accepted": _("%(who)s is going, there at about %(time)s."),
    "call.accepted_from_afar": _("%(who)s would need %(minutes)s minutes. We go on looking."),
    "call.on_the_way": _("%(who)s is on the way, there at about %(time)s."),
    "call.declined:cannot": _("%(who)s cannot go."),
    "call.declined:informed": _("%(who)s cannot go and wants to stay informed."),
    "call.arrived": _("%(who)s is there."),
    "call.close_asked": _("Nobody has closed the call. %(who)s was asked whether it is over."),
    "call.close_asked:nobody": _("Nobody has closed the call, and there is nobody to ask."),
    "call.handed_over": _("%(by)s gave the call back; it rings again."),
    "call.handed_over:person": _("%(by)s asked %(who)s to go."),
    "call.rearmed:not_on_the_way": _("%(who)s did not set out. Others are asked again."),
    "call.rearmed:not_arrived": _("%(who)s did not arrive in time. Others are asked again."),
    "call.rearmed:given_back": _("%(who)s cannot go after all. Others are asked again."),
    "call.rearmed:handed_over": _("%(who)s is no longer going. Others are asked again."),
    "call.rearmed:reopened": _("The ladder begins again."),
    "call.rearmed:pressed_again": _("The ladder begins again."),
    "call.rearmed:too_far": _("%(who)s would come too late. Others are asked again."),
    "call.reopened": _("%(by)s opened the call again."),
    "call.resolved": _("%(by)s closed the call: %(outcome)s."),
    "call.mistake_said": _("The resident says it was a mistake."),
    "call.claimed": _("The caller said who they are, or where."),
    "call.identified": _("%(by)s found out who called: %(who)s."),
    "call.identified:merged": _("%(by)s found out: it is %(who)s, whose call is open already."),
    "watch.rung": _("Nobody had taken the call, so %(count)s duty phones ring."),
    "delivery.sending:voice": _("The phone of %(who)s rings."),
    "delivery.answered:voice": _("%(who)s picked up."),
    "delivery.replied:voice": _("%(who)s pressed %(reply)s."),
    "delivery.failed:voice": _("%(who)s was not reached by phone: %(why)s."),
    "delivery.expired:voice": _("%(who)s did not pick up in time."),
    "delivery.sent:sms": _("A text went to %(who)s."),
    "delivery.replied:sms": _("%(who)s answered by text: %(reply)s."),
    "delivery.failed:sms": _("The text to %(who)s did not arrive: %(why)s."),
    "delivery.expired:sms": _("The text to %(who)s came too late and was not sent."),
}
"""Sentence of each event; after the colon its variant. What is not here is not told."""

FAILURES: Mapping[str, str | Promise] = {
    "no_route": _("no provider reaches this number"),
    "dead_number": _("the number does not exist"),
    "refused_by_person": _("they want no messages"),
    "our_configuration": _("our provider refused it"),
    "content_refused": _("the text was refused"),
    "not_delivered": _("the network did not deliver it"),
    "failed": _("the call could not be made"),
    "unknown": _("we do not know if it arrived"),
    "lost": _("we do not know if it arrived"),
    "no_key": _("picked up, but no key was pressed"),
    "busy": _("the line is busy"),
    "no_answer": _("nobody picked up"),
}
"""Why a delivery failed, by `Delivery.failure`."""

STRONG = frozenset(
    {
        "call.opened",
        "call.pressed_again",
        "call.identified",
        "call.accepted",
        "call.arrived",
        "call.call_back_wanted",
        "call.close_asked",
        "call.rearmed",
        "call.resolved",
        "call.mistake_said",
        "watch.rung",
    }
)
"""What an operator who has just sat down must see first."""

BY_ITSELF = frozenset(
    {
        "call.step",
        "call.offered",
        "call.close_asked",
        "watch.rung",
        "delivery.sending",
        "delivery.failed",
        "delivery.sent",
        "delivery.expired",
    }
)
"""What is done again and again while somebody is looked for; folded away in a long story."""


@dataclass(frozen=True)
class Entry:
    """One line of the story."""

    event_id: int
    at: datetime
    text: str
    strong: bool
    by_itself: bool


def timeline_of(call: EmergencyCall) -> list[Entry]:
    """The story from the press on, in order of time."""
    events = list(journal.about(call.reference))
    names = _names(call, events)
    return [entry for event in events if (entry := _entry(event, names))]


def _entry(event: JournalEvent, names: Mapping[str, str]) -> Entry | None:
    sentence = SENTENCES.get(_variant(event)) or SENTENCES.get(event.type)
    if sentence is None:
        return None
    text = str(sentence) % _facts(event, names)
    strong, by_itself = event.type in STRONG, event.type in BY_ITSELF
    return Entry(event.pk, event.at, text, strong=strong, by_itself=by_itself)


def _variant(event: JournalEvent) -> str:
    data = event.data
    match event.type:
        case "call.step":
            variant = "" if data.get("called") else "nobody"
        case "call.close_asked":
            variant = "" if data.get("asked") else "nobody"
        case "call.handed_over":
            variant = "person" if data.get("person") else ""
        case "call.declined":
            variant = data.get("answer", "")
        case "call.rearmed":
            variant = data.get("why", "")
        case "call.identified":
            variant = "merged" if data.get("merged") else ""
        case _:
            variant = data.get("channel", "")
    return f"{event.type}:{variant}" if variant else event.type


def _facts(event: JournalEvent, names: Mapping[str, str]) -> dict[str, str]:
    """Everything any sentence may name."""
    data = event.data
    nobody = gettext("somebody")
    called = [names.get(each, nobody) for each in data.get("called", [])]
    return {
        "what": metric_word(data.get("metric", "")),
        "by": data.get("name") or names.get(event.by, nobody),
        "who": data.get("person_name") or names.get(data.get("person") or event.by, nobody),
        "people": listed(called),
        "count": str(data.get("presses") or data.get("phones") or data.get("seconds") or 0),
        "step": str(data.get("step", 0) + 1),
        "round": str(data.get("round", 1)),
        "minutes": str(data.get("minutes", "")),
        "time": _hour(data.get("expected_at")),
        "outcome": str(Outcome(data["outcome"]).label) if data.get("outcome") else "",
        "reply": str(data.get("reply", "")),
        "why": str(FAILURES.get(data.get("failure", ""), _("not reached"))),
    }


def _hour(moment: Any) -> str:
    parsed = parse_datetime(moment) if isinstance(moment, str) else None
    return f"{timezone.localtime(parsed):%H:%M}" if parsed else gettext("an unknown time")


def _names(call: EmergencyCall, events: Iterable[JournalEvent]) -> dict[str, str]:
    """Names of all people whom the events mention, by reference."""
    names = dict(call.offers.values_list("person", "person_name"))
    names |= {f"user:{pk}": str(user) for pk, user in _accounts(events).items()}
    if call.resident:
        names[f"resident:{call.resident_id}"] = call.resident.name
        for contact in call.resident.contacts.all():
            names[f"contact:{contact.pk}"] = contact.name
    if call.accepted_by:
        names[call.accepted_by] = call.accepted_by_name
    for event in events:
        if event.data.get("person_name"):
            names[event.data["person"]] = event.data["person_name"]
    return names


def _accounts(events: Iterable[JournalEvent]) -> dict[UUID, User]:
    ids = {event.by.removeprefix("user:") for event in events if event.by.startswith("user:")}
    return User.objects.in_bulk([UUID(each) for each in ids])
