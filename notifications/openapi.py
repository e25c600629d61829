"""Twilio's doors in the OpenAPI description, as DRF does not serve them."""

from typing import Any

from backend.core.problems import CONTENT_TYPE

_TEXT = {"type": "string"}


def _ours(name: str) -> dict[str, Any]:
    """Our id of something, which stands in the address and comes back."""
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": f"Our id of the {name}, which Twilio gives back",
        "schema": {"type": "string", "format": "uuid"},
    }


_ATTEMPT = _ours("attempt")
_PLACES = {"bridge-line": _ours("line"), "bridge-ended": _ours("bridge")}
_SIGNATURE = {
    "name": "X-Twilio-Signature",
    "in": "header",
    "required": True,
    "description": "Twilio's signature of the address and the form",
    "schema": _TEXT,
}
_REFUSALS = {
    "403": "Not signed by Twilio",
    "404": "No such thing",
    "422": "A field that Twilio always sends is missing",
}
_TWIML = {"200": {"description": "What is said next", "content": {"text/xml": {"schema": _TEXT}}}}
_TAKEN = {"204": {"description": "Taken in; repeated or late reports change nothing"}}


def _door(name: str, summary: str, fields: list[str], answers: dict[str, Any]) -> dict[str, Any]:
    """The description of one signed post."""
    about = _PLACES.get(name, None if name.startswith("inbound") else _ATTEMPT)
    form = {"type": "object", "properties": dict.fromkeys(fields, _TEXT)}
    problem = {CONTENT_TYPE: {"schema": {"type": "object"}}}
    refusals = {
        status: {"description": meaning, "content": problem}
        for status, meaning in _REFUSALS.items()
        if about or status != "404"
    }
    operation = {
        "operationId": f"hooks_twilio_{name.replace('-', '_')}",
        "tags": ["hooks"],
        "summary": summary,
        "security": [],
        "parameters": [_SIGNATURE, *([about] if about else [])],
        "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": form}}},
        "responses": {**answers, **refusals},
    }
    place = f"/{{{about['name']}}}" if about else ""
    return {f"/hooks/v1/twilio/{name}{place}": {"post": operation}}


PATHS: dict[str, dict[str, Any]] = {
    **_door("voice", "Somebody answered: what is said", ["CallSid", "CallStatus"], _TWIML),
    **_door("gather", "A key was pressed, or none", ["CallSid", "Digits"], _TWIML),
    **_door("call-status", "How a call goes on", ["CallSid", "CallStatus", "ErrorCode"], _TAKEN),
    **_door(
        "message-status",
        "How a text goes on",
        ["MessageSid", "MessageStatus", "ErrorCode"],
        _TAKEN,
    ),
    **_door("inbound-voice", "Somebody rings us", ["CallSid", "From", "To", "Digits"], _TWIML),
    **_door("inbound-status", "Who rang us has hung up", ["CallSid", "CallStatus"], _TAKEN),
    **_door("bridge-line", "Who is rung for a caller answered", ["CallSid", "Digits"], _TWIML),
    **_door(
        "bridge-ended",
        "Putting a caller through ended",
        ["CallSid", "DialCallStatus", "DialCallDuration"],
        _TWIML,
    ),
    **_door("inbound-sms", "Somebody wrote to us", ["MessageSid", "From", "To", "Body"], _TWIML),
}
