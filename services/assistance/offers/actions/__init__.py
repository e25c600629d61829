"""Everything that changes offers and entitlements."""

from services.assistance.offers.actions.answering import (
    Answerer,
    answer_offer,
    ask_for_person,
)
from services.assistance.offers.actions.entitling import (
    check_entitlement,
    confirm_entitlement,
    end_entitlement,
    propose_change,
    propose_entitlement,
    return_entitlement,
)
from services.assistance.offers.actions.following import follow_up
from services.assistance.offers.actions.offering import (
    ask_again,
    ask_now,
    decent_time,
    make_offer,
)

__all__ = [
    "Answerer",
    "answer_offer",
    "ask_again",
    "ask_for_person",
    "ask_now",
    "check_entitlement",
    "confirm_entitlement",
    "decent_time",
    "end_entitlement",
    "follow_up",
    "make_offer",
    "propose_change",
    "propose_entitlement",
    "return_entitlement",
]
