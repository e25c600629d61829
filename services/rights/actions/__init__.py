"""Every write about what people ask of their data."""

from services.rights.actions.asking import ask, withdraw
from services.rights.actions.deciding import approve, confirm, end_freeze, refuse, take, unfreeze
from services.rights.actions.erasing import empty_what_is_over, erase, require_erasable
from services.rights.actions.holding import lift_hold, place_hold
from services.rights.actions.preparing import fetch, forget_copies, prepare, prepare_due
from services.rights.actions.wishing import wish_after_death

__all__ = [
    "approve",
    "ask",
    "confirm",
    "empty_what_is_over",
    "end_freeze",
    "erase",
    "fetch",
    "forget_copies",
    "lift_hold",
    "place_hold",
    "prepare",
    "prepare_due",
    "refuse",
    "require_erasable",
    "take",
    "unfreeze",
    "wish_after_death",
    "withdraw",
]
