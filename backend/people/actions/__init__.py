"""Every write about people; each leaves an audit row and a journal event."""

from backend.people.actions.caregivers import (
    cancel_shift,
    change_caregiver,
    enrol_caregiver,
    remove_caregiver,
    set_position,
    set_shift,
)
from backend.people.actions.consents import give_consent, withdraw_consent
from backend.people.actions.contacts import (
    add_contact,
    change_contact,
    remove_contact,
    reorder_contacts,
)
from backend.people.actions.guardians import (
    appoint_guardian,
    end_expired_guardianships,
    end_guardianship,
    review_guardian,
    verify_guardian,
)
from backend.people.actions.households import (
    change_household,
    create_household,
    remove_household,
)
from backend.people.actions.residents import (
    change_resident,
    enrol_resident,
    remove_resident,
    set_life_state,
    undo_life_state,
)
from backend.people.actions.tombstones import lift_tombstones, tombstones_of

__all__ = [
    "add_contact",
    "appoint_guardian",
    "cancel_shift",
    "change_caregiver",
    "change_contact",
    "change_household",
    "change_resident",
    "create_household",
    "end_expired_guardianships",
    "end_guardianship",
    "enrol_caregiver",
    "enrol_resident",
    "give_consent",
    "lift_tombstones",
    "remove_caregiver",
    "remove_contact",
    "remove_household",
    "remove_resident",
    "reorder_contacts",
    "review_guardian",
    "set_life_state",
    "set_position",
    "set_shift",
    "tombstones_of",
    "undo_life_state",
    "verify_guardian",
    "withdraw_consent",
]
