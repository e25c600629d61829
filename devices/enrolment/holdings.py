"""What is kept of people here: how they came into care."""

from django.utils.translation import gettext_lazy as _

from backend.core.holding import Ending, Holding

HOLDINGS = (
    Holding("enrolment.Enrolment", _("How care began"), ("resident",), Ending.ERASED),
    Holding(
        "enrolment.ContactCheck",
        _("Whether contacts agreed"),
        ("contact__resident",),
        Ending.ERASED,
        left_out={"code_index": "a keyed hash"},
    ),
    Holding(
        "enrolment.Invitation",
        _("Invitations of relatives"),
        ("contact__resident",),
        Ending.ERASED,
        left_out={"hash": "opens an account"},
    ),
)
