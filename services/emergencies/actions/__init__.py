"""Everything that changes a call."""

from services.emergencies.actions.claiming import Claim, add_claim, add_claim_beside
from services.emergencies.actions.handling import (
    add_note,
    ask_mistake,
    mark_no_answer,
    mark_spoken,
    reopen_call,
    resolve_call,
    take_call,
)
from services.emergencies.actions.identifying import identify_call
from services.emergencies.actions.opening import Opened, Press, open_call
from services.emergencies.actions.policy import set_policy
from services.emergencies.actions.reading import record_reading, record_resident_reading
from services.emergencies.actions.responding import (
    Responder,
    accept_call,
    arrive,
    decline_call,
    hand_over,
    set_on_the_way,
)
from services.emergencies.actions.telephoning import (
    ask_for_call_back,
    end_speaking,
    set_desk_phone,
    speak_with,
)

__all__ = [
    "Claim",
    "Opened",
    "Press",
    "Responder",
    "accept_call",
    "add_claim",
    "add_claim_beside",
    "add_note",
    "arrive",
    "ask_for_call_back",
    "ask_mistake",
    "decline_call",
    "end_speaking",
    "hand_over",
    "identify_call",
    "mark_no_answer",
    "mark_spoken",
    "open_call",
    "record_reading",
    "record_resident_reading",
    "reopen_call",
    "resolve_call",
    "set_desk_phone",
    "set_on_the_way",
    "set_policy",
    "speak_with",
    "take_call",
]
