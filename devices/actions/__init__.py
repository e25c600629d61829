"""Everything that changes devices."""

from devices.actions.batteries import Signs, note_batteries
from devices.actions.claiming import (
    begin_test,
    claim_device,
    end_test,
    issue_claim_code,
    release_device,
)
from devices.actions.hearing import Heard, note_heard, note_rejections, set_online
from devices.actions.registering import (
    change_device,
    register_device,
    remove_device,
    rotate_token,
)
from devices.actions.silence import note_listening, tell_silent

__all__ = [
    "Heard",
    "Signs",
    "begin_test",
    "change_device",
    "claim_device",
    "end_test",
    "issue_claim_code",
    "note_batteries",
    "note_heard",
    "note_listening",
    "note_rejections",
    "register_device",
    "release_device",
    "remove_device",
    "rotate_token",
    "set_online",
    "tell_silent",
]
