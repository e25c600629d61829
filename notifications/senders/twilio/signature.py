"""Whether a callback comes from Twilio: its signature, checked by Twilio's own code."""

from __future__ import annotations

from collections.abc import Mapping

from twilio.request_validator import RequestValidator

SIGNATURE_HEADER = "X-Twilio-Signature"


def is_genuine(
    *,
    auth_token: str,
    public_url: str,
    path: str,
    form: Mapping[str, object],
    signature: str | None,
) -> bool:
    """Whether `signature` is Twilio's for this form, posted to this path.

    The signed address is the one we gave out, so it is made from PUBLIC_URL and never
    from the Host header, which differs behind a proxy and is the sender's to choose.
    `path` is as received, with its query; `form` a dict or Django's QueryDict.
    """
    url = public_url.rstrip("/") + path
    return bool(RequestValidator(auth_token).validate(url, form, signature or ""))
