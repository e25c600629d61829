"""Everything that changes accounts, their second factors, tokens and links."""

from backend.accounts.actions.codes import redeem_code, refuse_codes, send_code
from backend.accounts.actions.ending import end_everything_of, end_session, end_sessions_of
from backend.accounts.actions.enrolling import (
    activate_account,
    create_family_account,
    create_resident_account,
    create_staff,
    deactivate_account,
    end_family_access,
    enrol_second_factor,
)
from backend.accounts.actions.identities import (
    link_identity,
    unlink_identities,
    user_of_identity,
)
from backend.accounts.actions.links import issue_sign_in_link, redeem_link
from backend.accounts.actions.passkeys import (
    add_passkey,
    remove_passkey,
    rename_passkey,
    use_passkey,
)
from backend.accounts.actions.passwords import (
    change_password,
    check_password,
    check_second_factor,
    confirm_second_factor,
)
from backend.accounts.actions.recovering import (
    ask_recovery,
    confirm_recovery,
    open_recovery,
    recovery_of_link,
)
from backend.accounts.actions.roles import change_role
from backend.accounts.actions.starting import (
    begin_account,
    issue_start_link,
    user_of_start_link,
)
from backend.accounts.actions.tokens import (
    issue_api_token,
    issue_sos_token,
    revoke_api_tokens_of,
    revoke_token,
    revoke_tokens_of,
)

__all__ = [
    "activate_account",
    "add_passkey",
    "ask_recovery",
    "begin_account",
    "change_password",
    "change_role",
    "check_password",
    "check_second_factor",
    "confirm_recovery",
    "confirm_second_factor",
    "create_family_account",
    "create_resident_account",
    "create_staff",
    "deactivate_account",
    "end_everything_of",
    "end_family_access",
    "end_session",
    "end_sessions_of",
    "enrol_second_factor",
    "issue_api_token",
    "issue_sign_in_link",
    "issue_sos_token",
    "issue_start_link",
    "link_identity",
    "open_recovery",
    "recovery_of_link",
    "redeem_code",
    "redeem_link",
    "refuse_codes",
    "remove_passkey",
    "rename_passkey",
    "revoke_api_tokens_of",
    "revoke_token",
    "revoke_tokens_of",
    "send_code",
    "unlink_identities",
    "use_passkey",
    "user_of_identity",
    "user_of_start_link",
]
