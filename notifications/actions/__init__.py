"""Everything that changes a delivery."""

from notifications.actions.attempting import begin_attempt, finish_attempt
from notifications.actions.owing import Recipient, owe, stop
from notifications.actions.replying import reply_by_key, reply_by_text
from notifications.actions.reporting import report_status

__all__ = [
    "Recipient",
    "begin_attempt",
    "finish_attempt",
    "owe",
    "reply_by_key",
    "reply_by_text",
    "report_status",
    "stop",
]
