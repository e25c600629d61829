"""Of a death in the journal: the account of who died is closed, and opened again if it was wrong.

Who holds their telephone then sees nothing in their name; kin ask for what the law gives them in
their own (Personal Information Protection Law, article 49). Their SOS button still calls help: a
death may have been entered for the wrong person.
"""

from datetime import datetime

from backend.accounts.actions import activate_account, deactivate_account
from backend.accounts.models import User
from backend.core import journal, readers
from backend.core.models import JournalEvent
from backend.people.models import Resident

CLOSED_BY = "system:death"


def hear_of_life_state(event: JournalEvent, now: datetime) -> None:
    """Close or open the account of the resident, as they stand now."""
    user = User.objects.filter(resident=event.resident_id).select_related("resident").first()
    if user is None or user.resident is None:
        return
    if user.resident.life_state == Resident.LifeState.DIED:
        deactivate_account(user, by=CLOSED_BY, now=now)
    elif not user.is_active and _was_closed_by_death(user):
        activate_account(user, by=CLOSED_BY, now=now)


def _was_closed_by_death(user: User) -> bool:
    closed = journal.about(user.reference).filter(type="account.deactivated").last()
    return closed is not None and closed.by == CLOSED_BY


readers.register("accounts.mourning", "resident.life_state", handle=hear_of_life_state)
