"""Everything that changes services, orders and complaints."""

from services.community.actions.catalogue import (
    Offering,
    Opening,
    adopt_catalogue,
    end_links,
    make_link,
    save_provider,
    save_service,
)
from services.community.actions.complaining import (
    complain,
    dismiss,
    suggest_complaint,
    take_up,
)
from services.community.actions.ordering import place_order
from services.community.actions.passing_on import (
    call_back,
    pass_to_carer,
    pass_to_provider,
)
from services.community.actions.settling import (
    add_note,
    answer,
    ask_if_right,
    assign,
    check,
    give_up,
)
from services.community.actions.showing import show_photo
from services.community.actions.standing import end_standing, make_due, order_again
from services.community.actions.steps import (
    cancel_order,
    deliver,
    give_back,
    rate_order,
    set_out,
    take_order,
)

__all__ = [
    "Offering",
    "Opening",
    "add_note",
    "adopt_catalogue",
    "answer",
    "ask_if_right",
    "assign",
    "call_back",
    "cancel_order",
    "check",
    "complain",
    "deliver",
    "dismiss",
    "end_links",
    "end_standing",
    "give_back",
    "give_up",
    "make_due",
    "make_link",
    "order_again",
    "pass_to_carer",
    "pass_to_provider",
    "place_order",
    "rate_order",
    "save_provider",
    "save_service",
    "set_out",
    "show_photo",
    "suggest_complaint",
    "take_order",
    "take_up",
]
