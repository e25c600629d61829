"""What somebody unknown says of themself after the call was made."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from backend.places.datum import Position
from services.emergencies.errors import CallClosed
from services.emergencies.models import EmergencyCall, Note, Receipt
from services.emergencies.record import record


@dataclass(frozen=True)
class Claim:
    """Told by the caller and proven by nobody; what is empty was not said."""

    name: str = ""
    phone: str = ""
    place: str = ""
    position: Position | None = None


@transaction.atomic
def add_claim_beside(receipt: Receipt, *, claim: Claim, now: datetime) -> EmergencyCall:
    """Note what another stranger says of the call; what the caller said is not touched.

    Raises:
        CallClosed: the call is resolved.
    """
    call = receipt.call
    if call.state == EmergencyCall.State.RESOLVED:
        raise CallClosed
    position = "{:.6f}, {:.6f}".format(*claim.position) if claim.position else ""
    said = [part for part in (claim.name, claim.phone, claim.place, position) if part]
    if said:
        with translation.override(settings.LANGUAGE_CODE):
            name = gettext("Pressed again, by nobody known")
        by = f"receipt:{receipt.pk}"
        Note.objects.create(call=call, at=now, by=by, by_name=name[:60], text=" · ".join(said))
        record(call, "call.claimed", now=now)
    return call


@transaction.atomic
def add_claim(call: EmergencyCall, *, claim: Claim, now: datetime) -> EmergencyCall:
    """Keep who calls and from where; what is said later counts, what is left empty stays.

    Once the desk knows whose call it is, what is said is a note and moves the call nowhere.

    Raises:
        CallClosed: the call is resolved.
    """
    call = EmergencyCall.objects.select_for_update().get(pk=call.pk)
    if call.state == EmergencyCall.State.RESOLVED:
        raise CallClosed
    if call.identified_at is not None or call.verified:
        _note_claim(call, claim, now)
        return call
    call.claimed_name = claim.name or call.claimed_name
    call.claimed_phone = claim.phone or call.claimed_phone
    call.place_text = claim.place or call.place_text
    if claim.position is not None:
        call.place_lat, call.place_lon = claim.position
    if claim.place or claim.position:
        call.place_source = "claimed"
    call.save(
        update_fields=[
            "claimed_name",
            "claimed_phone",
            "place_text",
            "place_lat",
            "place_lon",
            "place_source",
        ]
    )
    record(call, "call.claimed", now=now)
    return call


def _note_claim(call: EmergencyCall, claim: Claim, now: datetime) -> None:
    where = f"{claim.position.lat:.5f}, {claim.position.lon:.5f}" if claim.position else ""
    said = " · ".join(each for each in (claim.name, claim.phone, claim.place, where) if each)
    if said:
        Note.objects.create(call=call, at=now, by="", by_name=gettext("Caller"), text=said)
        record(call, "call.claimed", now=now)
