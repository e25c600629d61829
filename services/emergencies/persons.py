"""Key 0 of those who ring us: a person, at once where one is at the desk, else rung back."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from backend.people.models import Resident
from backend.people.names import short_name
from backend.places.queries import paths_above
from notifications import inbound
from notifications.inbound import Answer, BridgeNews, Caller, Choice, Connection, Line
from notifications.models import Channel
from notifications.replies import Spoken
from notifications.routes import has_route
from services.emergencies import actions, policies, watching
from services.emergencies.callers import call_of
from services.emergencies.models import ConsolePresence, DeskPhone, EmergencyCall

PERSON_KEY = "0"

Kind = EmergencyCall.Kind
State = EmergencyCall.State


def ask_for_person(caller: Caller, _key: str, now: datetime) -> Answer:
    """A question for the desk; on the telephone the caller is put through to whoever is there."""
    call = call_of(caller, Kind.CONSULTATION, now=now)
    lines = lines_for(call, now=now) if caller.channel == Channel.VOICE else []
    if not lines:
        actions.ask_for_call_back(call, now=now)
        return Spoken("inbound_rung_back")
    return Connection(
        lines=lines,
        cause=call.reference,
        said=Spoken("person_connecting"),
        whisper=_whisper(call, lines[0].language),
        unanswered=Spoken("person_not_there"),
    )


def _whisper(call: EmergencyCall, language: str) -> Spoken:
    """A surname at most, as a machine may be listening; the desk sees who it is."""
    if call.resident is None or call.resident.sex == Resident.Sex.UNKNOWN:
        return Spoken("person_whisper_unknown")  # without "Ms" or "Mr" it would be the whole name
    return Spoken("person_whisper", {"who": short_name(call.resident, language)})


def lines_for(call: EmergencyCall, *, now: datetime) -> list[Line]:
    """Telephones beside the consoles that watch this area; where there are none, the duty phones.

    Who looks after no call comes first.
    """
    watching_now = ConsolePresence.objects.filter(
        area_path__in=paths_above(call.area_path), seen_at__gt=now - policies.UNWATCHED_AFTER
    ).values_list("user", flat=True)
    users = [UUID(each.removeprefix("user:")) for each in watching_now if each.startswith("user:")]
    open_calls = EmergencyCall.objects.exclude(state=State.RESOLVED)
    busy = set(open_calls.exclude(handled_by="").values_list("handled_by", flat=True))
    beside = DeskPhone.objects.filter(user__in=users, user__is_active=True).select_related("user")
    at_the_desk = sorted(beside, key=lambda each: (each.user.reference in busy, each.user.username))
    lines = [
        Line(each.user.reference, str(each.user), each.phone, each.user.language)
        for each in at_the_desk
    ] or [
        Line(f"duty:{each.pk}", each.label, each.phone, each.language)
        for each in watching.duty_phones_for(call.area_path)
    ]
    return [line for line in lines if has_route(line.phone, Channel.VOICE)]


def _call(cause: str) -> EmergencyCall:
    return EmergencyCall.objects.get(pk=UUID(cause.partition(":")[2]))


def _taken(cause: str, line: Line, now: datetime) -> None:
    actions.speak_with(_call(cause), by=line.person, name=line.name, now=now)


def _missed(cause: str, now: datetime) -> None:
    actions.ask_for_call_back(_call(cause), now=now)


def _ended(cause: str, spoke_s: int, now: datetime) -> None:
    actions.end_speaking(_call(cause), spoke_s=spoke_s, now=now)


inbound.register_choice(Choice(PERSON_KEY, _("To speak with a person, press 0."), ask_for_person))
inbound.register_bridge("call", BridgeNews(taken=_taken, missed=_missed, ended=_ended))
