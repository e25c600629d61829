"""Every write of enrolment."""

from devices.enrolment.actions.checking import answer_check, check_contact, confirm_by_code
from devices.enrolment.actions.enrolling import (
    begin_enrolment,
    forget_enrolment,
    move_on,
    save_consents,
    save_home,
    save_person,
    save_preferences,
    take_up_again,
)
from devices.enrolment.actions.importing import apply_import, read_import
from devices.enrolment.actions.inviting import (
    accept_invitation,
    invite_contact,
    name_relative,
    revoke_invitation,
)
from devices.enrolment.actions.testing import begin_test_press, follow_test_press

__all__ = [
    "accept_invitation",
    "answer_check",
    "apply_import",
    "begin_enrolment",
    "begin_test_press",
    "check_contact",
    "confirm_by_code",
    "follow_test_press",
    "forget_enrolment",
    "invite_contact",
    "move_on",
    "name_relative",
    "read_import",
    "revoke_invitation",
    "save_consents",
    "save_home",
    "save_person",
    "save_preferences",
    "take_up_again",
]
