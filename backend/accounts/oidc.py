"""Client of a national or city digital identity: authorization code flow with PKCE.

By PyJWT and httpx: mozilla-django-oidc 5.0.2 checks neither issuer nor audience nor expiry, and
allauth's provider brings a sign-up and sessions of its own past our doors.

Source: OpenID Connect Core 1.0, 3.1 (flow), 3.1.3.7 (checks of the ID token); RFC 7636; RFC 9207.
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
import jwt
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from backend.accounts.errors import BadIdentity
from backend.accounts.proofs import Claims
from backend.people import phones
from backend.people.errors import BadPhone

ASKED = "identity_asked"
"""Session: what was sent to the issuer, until it answers."""
ANSWERED_WITHIN = timedelta(minutes=10)
TIMEOUT_S = 5.0
_RSA = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
ALGORITHMS = (*_RSA, "ES256", "ES384", "ES512", "EdDSA")
"""Signatures with a public key; never `none`, and no HMAC, whose key both sides know."""
CLOCKS_DIFFER = timedelta(seconds=60)
OF_ANOTHER_SHAPE = (AttributeError, KeyError, TypeError, ValueError)
REQUIRED = ("iss", "sub", "aud", "exp", "iat", "nonce")


@dataclass(frozen=True)
class Answer:
    """The claims, and what was asked with them: "sign-in" or "link", and the page to go on to."""

    claims: Claims
    purpose: str
    back: str


def begin(request: HttpRequest, *, purpose: str, back: str, now: datetime) -> str:
    """The address of the issuer to send the browser to.

    Raises:
        BadIdentity: no issuer is configured, or it does not answer.
    """
    verifier = secrets.token_urlsafe(48)
    asked = {
        "state": secrets.token_urlsafe(24),
        "nonce": secrets.token_urlsafe(24),
        "verifier": verifier,
        "purpose": purpose,
        "back": back,
        "at": now.isoformat(),
    }
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
    parameters = {
        "response_type": "code",
        "client_id": settings.ENV.oidc_client_id,
        "redirect_uri": _our_address(),
        "scope": "openid phone",
        "state": asked["state"],
        "nonce": asked["nonce"],
        "code_challenge": challenge.rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    address = f"{_discovered()['authorization_endpoint']}?{urlencode(parameters)}"
    request.session[ASKED] = asked
    return address


def complete(request: HttpRequest, *, now: datetime) -> Answer:
    """Who came back from the issuer; what was asked for is used up by this.

    Raises:
        BadIdentity: anything that is not as it should be; which is not said.
    """
    asked = request.session.pop(ASKED, None)
    given = request.GET
    if not asked or now - datetime.fromisoformat(asked["at"]) > ANSWERED_WITHIN:
        raise BadIdentity
    if not constant_time_compare(given.get("state", ""), asked["state"]) or "code" not in given:
        raise BadIdentity
    if given.get("iss", settings.ENV.oidc_issuer) != settings.ENV.oidc_issuer:
        raise BadIdentity
    try:
        places = _discovered()
        got = _exchanged(places, code=given["code"], verifier=asked["verifier"])
        said = _verified(got["id_token"], _keys(places), nonce=asked["nonce"], now=now)
        phone = _phone(said) or _phone(_told(places, got, said["sub"]))
    except (httpx.HTTPError, jwt.PyJWTError, *OF_ANOTHER_SHAPE) as error:
        raise BadIdentity(reason=type(error).__name__) from error
    claims = Claims(said["iss"], said["sub"], phone)
    return Answer(claims, asked["purpose"], asked["back"])


def _our_address() -> str:
    return settings.ENV.public_url + reverse("identity-back")


def _discovered() -> dict[str, Any]:
    """Where the issuer's doors are. Source: OpenID Connect Discovery 1.0, 4.3 (issuer is equal)."""
    issuer = settings.ENV.oidc_issuer
    if not issuer:
        raise BadIdentity
    try:
        with httpx.Client(timeout=TIMEOUT_S) as client:
            answer = client.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            found: dict[str, Any] = answer.raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        raise BadIdentity(reason=type(error).__name__) from error
    if found.get("issuer") != issuer or "authorization_endpoint" not in found:
        raise BadIdentity(reason="discovery names another issuer, or no doors")
    return found


def _exchanged(places: Mapping[str, Any], *, code: str, verifier: str) -> dict[str, Any]:
    with httpx.Client(timeout=TIMEOUT_S) as client:
        answer = client.post(
            places["token_endpoint"],
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": _our_address(),
                "code_verifier": verifier,
            },
            auth=(settings.ENV.oidc_client_id, settings.ENV.oidc_client_secret),
        )
    got: dict[str, Any] = answer.raise_for_status().json()
    return got


def _keys(places: Mapping[str, Any]) -> list[dict[str, Any]]:
    with httpx.Client(timeout=TIMEOUT_S) as client:
        answer = client.get(places["jwks_uri"])
    keys: list[dict[str, Any]] = answer.raise_for_status().json()["keys"]
    return keys


def _verified(
    token: str, keys: list[dict[str, Any]], *, nonce: str, now: datetime
) -> dict[str, Any]:
    """The claims of an ID token that was signed for us, now, and for this question.

    A key that names its algorithm or use is taken for no other. Source: RFC 8725, 3.1.
    """
    header = jwt.get_unverified_header(token)
    algorithm, name = header.get("alg"), header.get("kid")
    fitting = [
        key
        for key in keys
        if name in {None, key.get("kid")}
        and key.get("alg", algorithm) == algorithm
        and key.get("use", "sig") == "sig"
    ]
    if algorithm not in ALGORITHMS or not fitting:
        raise BadIdentity(reason="algorithm or key")
    said: dict[str, Any] = jwt.decode(
        token,
        jwt.PyJWK(fitting[0], algorithm),
        algorithms=[algorithm],
        audience=settings.ENV.oidc_client_id,
        issuer=settings.ENV.oidc_issuer,
        options={
            "require": list(REQUIRED),
            "verify_exp": False,  # by our own clock, below
            "verify_iat": False,
            "verify_nbf": False,
        },
    )
    at = now.timestamp()
    leeway = CLOCKS_DIFFER.total_seconds()
    is_of_now = float(said["exp"]) > at - leeway and float(said["iat"]) < at + leeway
    is_ours = said.get("azp", settings.ENV.oidc_client_id) == settings.ENV.oidc_client_id
    if not is_of_now or not is_ours or not constant_time_compare(str(said["nonce"]), nonce):
        raise BadIdentity(reason="time, party or nonce")
    return said


def _told(places: Mapping[str, Any], got: Mapping[str, Any], subject: str) -> Mapping[str, Any]:
    """What the issuer tells at its own door. Source: OpenID Connect Core 1.0, 5.3.2."""
    if "userinfo_endpoint" not in places or "access_token" not in got:
        return {}
    with httpx.Client(timeout=TIMEOUT_S) as client:
        answer = client.get(
            places["userinfo_endpoint"],
            headers={"Authorization": f"Bearer {got['access_token']}"},
        )
    told: dict[str, Any] = answer.raise_for_status().json()
    if told.get("sub") != subject:
        raise BadIdentity(reason="told of another subject")
    return told


def _phone(said: Mapping[str, Any]) -> str:
    """The number in our own form, where it is verified; else ""."""
    if said.get("phone_number_verified") is not True:
        return ""
    try:
        return phones.normalized(str(said.get("phone_number", "")))
    except BadPhone:
        return ""
