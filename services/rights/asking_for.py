"""Asking as an account does it: about oneself, as guardian, or as kin of somebody who died."""

from datetime import datetime

from django.utils import timezone

from backend.accounts.actors import Actor
from backend.accounts.models import Role
from backend.people.models import Contact, Language, Resident
from backend.people.queries import is_guardian_of
from services.community.doers import doer_of
from services.rights import actions, policies
from services.rights.errors import NotForThem
from services.rights.models import RightsRequest

Asker, Channel = RightsRequest.Asker, RightsRequest.Channel
DIED = Resident.LifeState.DIED


def standing_of(actor: Actor, resident: Resident, *, now: datetime) -> tuple[str, Contact | None]:
    """As whom an account may ask about a resident, and which contact it is.

    Raises:
        NotForThem: as nobody.
    """
    if actor.role == Role.RESIDENT and actor.resident_id == resident.pk:
        return Asker.RESIDENT, None
    own = list(resident.contacts.filter(pk__in=actor.contact_ids))
    if resident.life_state == DIED:
        kin = next((each for each in own if each.relation in policies.CLOSE_KIN), None)
        if kin is not None:
            return Asker.KIN, kin
        raise NotForThem
    today = timezone.localdate(now)
    guardian = next((each for each in own if is_guardian_of(each, resident, today=today)), None)
    if guardian is None:
        raise NotForThem
    return Asker.GUARDIAN, guardian


def ask_in_app(
    actor: Actor,
    resident: Resident,
    *,
    kind: str,
    about: str = "",
    words: str = "",
    proof: str = "",
    now: datetime,
) -> RightsRequest:
    """Ask with one press; pressed twice, it is the same request.

    Raises:
        NotForThem, DecidedOtherwise, NotDead, Invalid: as the action.
    """
    asker, contact = standing_of(actor, resident, now=now)
    return actions.ask(
        resident=resident,
        kind=kind,
        asker=asker,
        channel=Channel.APP,
        contact=contact,
        name=actor.name,
        language=Language(contact.language if contact else resident.language),
        relation=contact.relation if contact and asker == Asker.KIN else "",
        proof=proof,
        about=about,
        words=words,
        by=doer_of(actor),
        now=now,
    )
