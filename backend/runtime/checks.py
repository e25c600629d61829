"""`manage.py check --deploy`: what must not go to real residents."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, register
from django.core.checks import Warning as Doubt
from django.db import OperationalError, connection

from backend.env import open_files
from backend.runtime.sealed import SECRET
from backend.runtime.state import kept_secrets

OWNS_AUDIT = """
SELECT rolsuper OR pg_has_role(current_user, relowner, 'USAGE')
FROM pg_class, pg_roles WHERE pg_class.oid = to_regclass('audit_auditrow')
AND rolname = current_user
"""
EMBEDDED_MARKS = ("/tmp/yian-", "%2Ftmp%2Fyian-")  # noqa: S108 - a name that is looked for


@register(Tags.security, deploy=True)
def check_demo(**_options: Any) -> list[CheckMessage]:
    """The demo district and the secrets that `manage.py up` made for it are refused."""
    env = settings.ENV
    found: list[CheckMessage] = []
    if env.yian_demo:
        found.append(
            Error(
                "The demo district is on: invented people, telephones and sign-in links.",
                hint="Unset YIAN_DEMO.",
                id="yian.E001",
            )
        )
    ours = kept_secrets(Path(env.yian_state))
    found += [
        Error(
            f"{name} is the one that `manage.py up` invented and keeps beside the data.",
            hint="Make secrets of your own and keep them apart: docs/runbook.md.",
            id="yian.E002",
        )
        for name in ("SECRET_KEY", "FIELD_KEYS")
        if ours.get(name) and ours[name] == getattr(env, name.lower())
    ]
    if env.twilio_api_base:
        found.append(
            Error(
                "TWILIO_API_BASE sends calls and texts to another server than Twilio's.",
                hint="Unset it, unless it is a provider of your own.",
                id="yian.E003",
            )
        )
    return found


@register(Tags.database, deploy=True)
def check_servers(**_options: Any) -> list[CheckMessage]:
    """Embedded servers serve a demo and a trial, not a district."""
    env = settings.ENV
    found: list[CheckMessage] = []
    state = str(Path(env.yian_state).resolve())
    if any(mark in env.database_url for mark in (*EMBEDDED_MARKS, state)):
        found.append(
            Doubt(
                "The embedded PostgreSQL is used: it has no replica and no archive of its own.",
                hint="Set DATABASE_URL to a server that is backed up.",
                id="yian.W001",
            )
        )
    if not env.public_url.startswith("https://"):
        found.append(
            Error(
                "PUBLIC_URL is not https: passwords and health data would travel openly.",
                hint="Put a reverse proxy in front: deploy/Caddyfile.",
                id="yian.E004",
            )
        )
    if not (env.twilio_account_sid and env.twilio_auth_token and env.twilio_from):
        found.append(
            Error(
                "No provider is configured: nobody could be rung.",
                hint="Set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_FROM.",
                id="yian.E005",
            )
        )
    return found


@register(Tags.security, deploy=True)
def check_owner(**_options: Any) -> list[CheckMessage]:
    """The application only adds to the audit, so it must not own its tables."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(OWNS_AUDIT)
            found = cursor.fetchone()
    except OperationalError:  # whether it answers is asked by /readyz
        return []
    if found is None or not found[0]:
        return []
    return [
        Doubt(
            "The application owns the audit: who takes it over could change what it did.",
            hint="Give DATABASE_URL a role of its own, and MIGRATE_DATABASE_URL the owner: "
            "docs/runbook.md.",
            id="yian.W010",
        )
    ]


@register(Tags.security)
def check_secret_files(**_options: Any) -> list[CheckMessage]:
    """A secret in a file that everybody here can read is none."""
    return [
        Doubt(
            f"The file that {name} names can be read by every user of this machine.",
            hint="chmod 400, owned by the account of Yian.",
            id="yian.W002",
        )
        for name in open_files()
    ]


@register(Tags.security, deploy=True)
def check_backup_key(**_options: Any) -> list[CheckMessage]:
    """A server that can read its own backups gives them to whoever breaks in."""
    key = settings.ENV.backup_key
    if key and not key.startswith(SECRET):
        return []
    found = "is missing: no backup can be written." if not key else "is the secret half of a key."
    return [
        Doubt(
            f"BACKUP_KEY {found}",
            hint="Make a key elsewhere with `manage.py backup_key`, and give the public half.",
            id="yian.W003",
        )
    ]


@register(Tags.security, deploy=True)
def check_profile(**_options: Any) -> list[CheckMessage]:
    """Which set of rules for signing in is in force."""
    profile = settings.SECURITY_PROFILE
    lives = profile.password_lives
    changed = f"are changed every {lives.days} days" if lives else "stay while nobody knows them"
    return [
        Info(
            f"The security profile {profile.name} is in force: passwords {changed}, pauses begin "
            f"after {profile.wrong_free} wrong ones.",
            hint="SECURITY_PROFILE: backend/accounts/profiles.py.",
            id="yian.I001",
        )
    ]


@register(Tags.security)
def check_second_factor(**_options: Any) -> list[CheckMessage]:
    """The library's way around the second factor must never be on."""
    if getattr(settings, "MFA_TOTP_INSECURE_BYPASS_CODE", None):
        return [
            Error(
                "MFA_TOTP_INSECURE_BYPASS_CODE lets anybody past the second factor.",
                hint="Remove the setting.",
                id="yian.E006",
            )
        ]
    return []
