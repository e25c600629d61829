"""Everything that changes a delivery."""

from notifications.actions.attempting import begin_attempt, finish_attempt
from notifications.actions.bridging import (
    end_bridge,
    lines_to_ring,
    miss,
    pick_up,
    take_bridge,
    words_of,
)
from notifications.actions.calling_in import begin_call, end_call, mean, see_to_silent, take_key
from notifications.actions.owing import Message, Recipient, owe, owe_all, stop
from notifications.actions.preferring import owe_as_preferred, set_preference
from notifications.actions.readdressing import readdress
from notifications.actions.replying import reply_by_key, reply_by_text
from notifications.actions.reporting import report_status
from notifications.actions.silencing import silence_about, silence_family

__all__ = [
    "Message",
    "Recipient",
    "begin_attempt",
    "begin_call",
    "end_bridge",
    "end_call",
    "finish_attempt",
    "lines_to_ring",
    "mean",
    "miss",
    "owe",
    "owe_all",
    "owe_as_preferred",
    "pick_up",
    "readdress",
    "reply_by_key",
    "reply_by_text",
    "report_status",
    "see_to_silent",
    "set_preference",
    "silence_about",
    "silence_family",
    "stop",
    "take_bridge",
    "take_key",
    "words_of",
]
