"""Key 5 of those who ring us: hear what is shared, item by item, and take it back or give it.

The keys pressed so far say where somebody is: 5, then 3 for the next item and 2 to change the
one that was said. Key 1 is help at every point, as in the menu. Only from a telephone that is one
resident's own; to share something takes the key twice, to take it back once.
"""

from datetime import datetime

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from backend.people import actions, phones
from backend.people.models import Consent, Resident
from backend.people.purposes import PURPOSES
from backend.people.queries import consents_in_force
from notifications import inbound
from notifications.inbound import Answer, Asking, Caller, Choice
from notifications.models import Channel
from notifications.replies import Spoken

KEY, CHANGE, NEXT = "5", "2", "3"
ITEMS = tuple(Consent.Item)
GONE = (Resident.LifeState.MOVED, Resident.LifeState.DIED)
_BEFORE = {KEY: Spoken("sharing_begins")}


def hear_sharing(caller: Caller, keys: str, now: datetime) -> Answer:
    """What follows for the keys pressed so far, the first of them key 5."""
    if caller.channel != Channel.VOICE:
        return Spoken("sharing_by_voice")
    resident = _whose(caller.phone)
    if resident is None:
        return Spoken("sharing_unknown_caller")
    number = keys.count(NEXT)
    if number >= len(ITEMS):
        return Spoken("sharing_over")
    if keys.endswith(CHANGE):
        return _change(resident, ITEMS[number], keys, caller, now)
    before = _BEFORE.get(keys, None if keys.endswith(NEXT) else Spoken("inbound_unknown_key"))
    return _item(resident, ITEMS[number], before)


def _whose(phone: str) -> Resident | None:
    """The one resident with this number; who shares a telephone is asked by a person."""
    index = phones.index_as_given(phone)
    if not index:
        return None
    found = Resident.objects.filter(Q(phone_index=index) | Q(second_phone_index=index))
    one = list(found.exclude(life_state__in=GONE).select_related("area")[:2])
    return one[0] if len(one) == 1 else None


def _item(resident: Resident, item: Consent.Item, before: Spoken | None) -> Answer:
    is_given = item in consents_in_force(resident.pk)
    said = _about(item, resident, "sharing_is_given" if is_given else "sharing_is_not_given")
    return Asking(said, before=before)


def _change(
    resident: Resident, item: Consent.Item, keys: str, caller: Caller, now: datetime
) -> Answer:
    """Taken back at once; shared when the key came twice, so that nobody shares by a slip.

    What was taken back a moment ago comes back with one key.
    """
    by = f"inbound:{caller.provider_id}"
    consent = resident.consents.filter(item=item, withdrawn_at=None).first()
    if consent is not None:
        actions.withdraw_consent(consent, by=by, now=now)
        return Asking(_about(item, resident, "sharing_taken_back"))
    if not _is_sure(keys):
        return Asking(_about(item, resident, "sharing_sure"))
    actions.give_consent(resident=resident, item=item, way=Consent.Way.PHONE, by=by, now=now)
    return Asking(_about(item, resident, "sharing_given_now"))


def _is_sure(keys: str) -> bool:
    """Whether the question "are you sure" was the last thing said."""
    pressed = len(keys) - len(keys.rstrip(CHANGE))
    return pressed >= 2


def _about(item: Consent.Item, resident: Resident, template: str) -> Spoken:
    purpose = PURPOSES[item]
    with translation.override(resident.language):
        return Spoken(template, {"question": str(purpose.spoken), "written": str(purpose.written)})


inbound.register_choice(
    Choice(KEY, _("To hear what your family sees of you, press 5."), hear_sharing)
)
