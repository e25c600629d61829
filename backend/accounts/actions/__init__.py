"""Everything that changes accounts, their second factors, tokens and links."""

from backend.accounts.actions.codes import redeem_code, send_code
from backend.accounts.actions.enrolling import (
    activate_account,
    create_family_account,
    create_resident_account,
    create_staff,
    deactivate_account,
    end_family_access,
    enrol_second_factor,
)
from backend.accounts.actions.links import issue_sign_in_link, redeem_link
from backend.accounts.actions.passwords import (
    check_password,
    check_second_factor,
    confirm_second_factor,
)
from backend.accounts.actions.tokens import (
    issue_api_token,
    issue_sos_token,
    revoke_token,
    revoke_tokens_of,
)

__all__ = [
    "activate_account",
    "check_password",
    "check_second_factor",
    "confirm_second_factor",
    "create_family_account",
    "create_resident_account",
    "create_staff",
    "deactivate_account",
    "end_family_access",
    "enrol_second_factor",
    "issue_api_token",
    "issue_sign_in_link",
    "issue_sos_token",
    "redeem_code",
    "redeem_link",
    "revoke_token",
    "revoke_tokens_of",
    "send_code",
]
