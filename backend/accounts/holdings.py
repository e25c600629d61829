"""What is kept of people here: the account they sign in with."""

from django.utils.translation import gettext_lazy as _

from backend.core.holding import Ending, Holding

_SECRET = "opens the account"  # noqa: S105 - a reason, not a password

HOLDINGS = (
    Holding(
        "accounts.User",
        _("Account"),
        ("resident",),
        Ending.ERASED,
        left_out={"password": _SECRET, "caregiver": "of staff"},
        order=80,
    ),
    Holding(
        "accounts.AccessToken",
        _("Devices that are signed in"),
        ("user__resident",),
        Ending.ERASED,
        left_out={"hash": _SECRET},
    ),
    Holding(
        "accounts.OpenSession",
        _("Browsers that are signed in"),
        ("user__resident",),
        Ending.ERASED,
        left_out={"session": _SECRET},
    ),
    Holding(
        "accounts.Passkey",
        _("Passkeys"),
        ("user__resident",),
        Ending.ERASED,
        left_out={"credential_id": _SECRET, "public_key": _SECRET},
    ),
    Holding(
        "accounts.Identity",
        _("Digital identities they sign in by"),
        ("user__resident",),
        Ending.ERASED,
    ),
    Holding(
        "accounts.User_contacts",
        _("Relatives who see what is shared"),
        ("contact__resident",),
        Ending.ERASED,
        left_out={"user": "the relative's own account"},
    ),
)
NOT_ABOUT = (
    ("accounts.SignInLink", "a link that ends within minutes"),
    ("accounts.SignInCode", "a code that ends within minutes"),
    ("accounts.Recovery", "of staff, who lost their second factor"),
)
