"""Browser sessions: beginning, being used, and what is known of them.

`session_store` ends them in time; `actions.ending` ends them by hand.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import SESSION_KEY, login, update_session_auth_hash
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from backend.accounts import devices
from backend.accounts.models import OpenSession, Role, User
from backend.accounts.profiles import OWN_SESSION
from backend.accounts.second_factor import SESSION_MARK
from backend.audit import actions as audit
from backend.audit.models import AuditRow

BACKEND = "django.contrib.auth.backends.ModelBackend"
USE_KEPT_EVERY = timedelta(minutes=1)

HOMES = {
    Role.OPERATOR: "/desk/",
    Role.LEAD: "/desk/",
    Role.OFFICER: "/desk/",
    Role.CAREGIVER: "/care/",
    Role.AUDITOR: "/audit/",
    Role.ADMINISTRATOR: "/account/",
    Role.SECURITY: "/account/staff/",
}
"""Where a role starts; everybody else at `/`."""


def begin(
    request: HttpRequest, user: User, *, how: str, now: datetime, factor: bool = False
) -> None:
    """Sign the account in, in a session of its own; `how` stands in the audit.

    `factor`: something they have was shown, a telephone, an authenticator app or a passkey.
    """
    login(request, user, backend=BACKEND)
    request.session.set_expiry(lives(user))
    if factor:
        request.session[SESSION_MARK] = now.isoformat()
    _remember(request, user, now=now)
    audit.record(
        actor=user.reference,
        action=AuditRow.Action.SIGN_IN,
        subject=user.reference,
        now=now,
        resident_id=user.resident_id,
        reason=how,
    )


def mark_second_factor(request: HttpRequest, *, now: datetime) -> None:
    """Note that the second factor was shown; the session gets a new key, and no new time."""
    before = OpenSession.objects.filter(session=request.session.session_key).first()
    request.session.cycle_key()
    request.session[SESSION_MARK] = now.isoformat()
    _carry_on(request, before)


def note_use(request: HttpRequest, *, now: datetime) -> None:
    """The session of this request was used; what was not known of it is from now on."""
    key = request.session.session_key
    opened: OpenSession | None = getattr(request.session, "opened", None)
    user = request.user
    if opened is None and isinstance(user, User) and Session.objects.filter(pk=key).exists():
        _remember(request, user, now=now)
    elif opened is not None and now - opened.last_used_at >= USE_KEPT_EVERY:
        OpenSession.objects.filter(pk=opened.pk).update(last_used_at=now)


def keep_after_password(request: HttpRequest, user: User) -> None:
    """The password is another; this session goes on under a new key."""
    before = OpenSession.objects.filter(session=request.session.session_key).first()
    update_session_auth_hash(request, user)
    _carry_on(request, before)


def is_signed_in(request: HttpRequest) -> bool:
    """Whether this request asked for its session, and it is somebody's."""
    return bool(request.session.accessed and request.session.get(SESSION_KEY))


def lives(user: User) -> timedelta:
    """How long a session of this account lives, however much it is used."""
    return settings.SECURITY_PROFILE.absolute.get(user.role, OWN_SESSION)


def home_of(user: User) -> str:
    """The page a role starts at."""
    return HOMES.get(Role(user.role), "/")


def _carry_on(request: HttpRequest, before: OpenSession | None) -> None:
    """What was known of a session is known of it under its new key."""
    if before is not None:
        before.session_id = request.session.session_key or ""
        before.save(force_insert=True)


def _remember(request: HttpRequest, user: User, *, now: datetime) -> None:
    ends_in = lives(user)
    OpenSession.objects.get_or_create(
        session_id=request.session.session_key,
        defaults={
            "user": user,
            "device": devices.device_of(request.headers.get("User-Agent", "")),
            "network": devices.network_of(request.META.get("REMOTE_ADDR", "")),
            "signed_in_at": now,
            "last_used_at": now,
            "idle_s": int(settings.SECURITY_PROFILE.idle.get(user.role, ends_in).total_seconds()),
            "ends_at": now + ends_in,
        },
    )
