"""The ceremonies of passkeys (W3C Web Authentication, level 2), by fido2.

What a ceremony was begun with lies in the session until it is completed, once, within minutes.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from fido2 import cbor
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.webauthn import (
    Aaguid,
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from backend.accounts.errors import BadPasskey
from backend.accounts.models import Passkey, User
from backend.accounts.proofs import Made, Shown

BEGUN = "passkey_ceremony"
"""Session: the ceremony that was begun."""
CEREMONY = timedelta(minutes=5)
"""Source: W3C Web Authentication level 2, 5.4 (recommended timeout 300 s)."""
NAME = "Yian 颐安"
MALFORMED = (ValueError, TypeError, KeyError, AttributeError)
"""What fido2 raises for what is not as it should be."""


def are_possible() -> bool:
    """Whether browsers make passkeys for our address: for names only, not for numbers.

    Source: W3C Web Authentication level 2, 5.1.3, step 7 (the effective domain is a domain).
    """
    try:
        ip_address(_host().strip("[]"))
    except ValueError:
        return True
    return False


def begin_making(request: HttpRequest, user: User, *, now: datetime) -> dict[str, Any]:
    """The browser's options for a new passkey; staff have to show finger, face or PIN for it."""
    verification = UserVerificationRequirement.PREFERRED
    if user.is_staff_role:
        verification = UserVerificationRequirement.REQUIRED
    options, state = _server().register_begin(
        PublicKeyCredentialUserEntity(id=user.pk.bytes, name=user.username, display_name=str(user)),
        credentials=[_descriptor(each) for each in user.passkeys.all()],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=verification,
    )
    _keep(request, "make", state, now=now)
    return dict(options)


def complete_making(request: HttpRequest, answer: Mapping[str, Any], *, now: datetime) -> Made:
    """The passkey the browser made.

    Raises:
        BadPasskey: not begun here, too late, or not as it should be.
    """
    state = _kept(request, "make", now=now)
    try:
        made = _server().register_complete(state, answer)
        credential = made.credential_data
        assert credential is not None  # noqa: S101 - fido2 asserts the same
        public_key = cbor.encode(dict(credential.public_key))
    except MALFORMED as error:
        raise BadPasskey from error
    return Made(bytes(credential.credential_id), public_key, made.counter)


def begin_showing(request: HttpRequest, *, now: datetime, of: User | None = None) -> dict[str, Any]:
    """The browser's options for a passkey that it knows; `of`: one of this account's alone."""
    options, state = _server().authenticate_begin(
        credentials=[_descriptor(each) for each in of.passkeys.all()] if of else None,
        user_verification=UserVerificationRequirement.REQUIRED
        if of and of.is_staff_role
        else UserVerificationRequirement.PREFERRED,
    )
    _keep(request, "show", state, now=now)
    return dict(options)


def complete_showing(request: HttpRequest, answer: Mapping[str, Any], *, now: datetime) -> Shown:
    """Whose passkey signed.

    Raises:
        BadPasskey: unknown, not begun here, too late, or not as it should be.
    """
    state = _kept(request, "show", now=now)
    try:
        given = AuthenticationResponse.from_dict(answer)
        passkey = Passkey.objects.select_related("user").get(credential_id=given.raw_id)
        _server().authenticate_complete(state, [_credential(passkey)], answer)
        data = given.response.authenticator_data
    except (Passkey.DoesNotExist, *MALFORMED) as error:
        raise BadPasskey from error
    return Shown(passkey, data.counter, data.is_user_verified())


def _server() -> Fido2Server:
    ours = urlsplit(settings.ENV.public_url)
    origin = f"{ours.scheme}://{ours.netloc}"
    return Fido2Server(
        PublicKeyCredentialRpEntity(id=_host(), name=NAME),
        verify_origin=lambda given: given == origin,
    )


def _host() -> str:
    return urlsplit(settings.ENV.public_url).hostname or ""


def _descriptor(passkey: Passkey) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(
        type=PublicKeyCredentialType.PUBLIC_KEY, id=bytes(passkey.credential_id)
    )


def _credential(passkey: Passkey) -> AttestedCredentialData:
    public_key = CoseKey.parse(cast(Mapping[int, Any], cbor.decode(bytes(passkey.public_key))))
    return AttestedCredentialData.create(Aaguid.NONE, bytes(passkey.credential_id), public_key)


def _keep(request: HttpRequest, what: str, state: Any, *, now: datetime) -> None:
    until = (now + CEREMONY).isoformat()
    request.session[BEGUN] = {"what": what, "state": state, "until": until}


def _kept(request: HttpRequest, what: str, *, now: datetime) -> Any:
    """What was begun; it is used up by this."""
    begun = request.session.pop(BEGUN, None)
    if not begun or begun["what"] != what or datetime.fromisoformat(begun["until"]) <= now:
        raise BadPasskey
    return begun["state"]
