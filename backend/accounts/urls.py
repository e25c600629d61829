"""Addresses of signing in, of one's own account, and of those who give access."""

from django.urls import URLPattern, URLResolver, path

from backend.accounts.pages import account, identity, passkeys, signing_in, staff

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", signing_in.sign_in, name="sign-in"),
    path("sign-in/code/", signing_in.sign_in_code, name="sign-in-code"),
    path("sign-in/staff/", signing_in.sign_in_staff, name="sign-in-staff"),
    path("sign-in/second-factor/", signing_in.second_factor, name="second-factor"),
    path("sign-in/link/<str:token>", signing_in.sign_in_link, name="sign-in-link"),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
    path("sign-in/passkey/begin/", passkeys.begin_sign_in, name="passkey-begin"),
    path("sign-in/passkey/", passkeys.sign_in, name="passkey"),
    path("sign-in/identity/", identity.identity, name="identity"),
    path("sign-in/identity/back/", identity.back, name="identity-back"),
    path("account/identity/link/", identity.link, name="identity-link"),
    path("account/identity/unlink/", identity.unlink, name="identity-unlink"),
    path("sign-in/start/<str:token>", signing_in.start, name="start"),
    path("sign-in/recover/<str:token>", signing_in.recover, name="recover"),
    path("account/", account.account, name="account"),
    path("account/confirm/", account.step_up, name="step-up"),
    path("account/password/", account.change_password, name="change-password"),
    path("account/sessions/end-others/", account.end_other_sessions, name="end-sessions"),
    path("account/sessions/<uuid:session_id>/end/", account.end_session, name="end-session"),
    path("account/tokens/<int:token_id>/end/", account.end_token, name="end-token"),
    path("account/passkeys/begin/", passkeys.begin_adding, name="passkey-add-begin"),
    path("account/passkeys/", passkeys.add, name="passkey-add"),
    path("account/passkeys/<uuid:passkey_id>/name/", passkeys.rename, name="passkey-name"),
    path("account/passkeys/<uuid:passkey_id>/remove/", passkeys.remove, name="passkey-remove"),
    path("account/staff/", staff.staff, name="staff"),
    path("account/staff/new/", staff.new, name="staff-new"),
    path("account/staff/<uuid:user_id>/start/", staff.start, name="staff-start"),
    path("account/staff/<uuid:user_id>/role/", staff.change_role, name="staff-role"),
    path("account/staff/<uuid:user_id>/end/", staff.end_sessions, name="staff-end"),
    path("account/staff/<uuid:user_id>/recovery/", staff.ask_recovery, name="staff-recovery"),
    path(
        "account/staff/<uuid:user_id>/recovery/confirm/",
        staff.confirm_recovery,
        name="staff-recovery-confirm",
    ),
]
