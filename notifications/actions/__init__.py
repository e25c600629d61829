"""Everything that changes a delivery."""

from notifications.actions.attempting import begin_attempt, finish_attempt
from notifications.actions.owing import Message, Recipient, owe, owe_all, stop
from notifications.actions.preferring import owe_as_preferred, set_preference
from notifications.actions.readdressing import readdress
from notifications.actions.replying import reply_by_key, reply_by_text
from notifications.actions.reporting import report_status
from notifications.actions.silencing import silence_about

__all__ = [
    "Message",
    "Recipient",
    "begin_attempt",
    "finish_attempt",
    "owe",
    "owe_all",
    "owe_as_preferred",
    "readdress",
    "reply_by_key",
    "reply_by_text",
    "report_status",
    "set_preference",
    "silence_about",
    "stop",
]
