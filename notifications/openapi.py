"""Twilio's doors in the OpenAPI description, as DRF does not serve them."""

from typing import Any

from backend.core.problems import CONTENT_TYPE

_TEXT = {"type": "string"}
_ATTEMPT = {
    "name": "attempt",
    "in": "path",
    "required": True,
    "description": "Our id of the attempt, which Twilio gives back",
    "schema": {"type": "string", "format": "uuid"},
}
_SIGNATURE = {
    "name": "X-Twilio-Signature",
    "in": "header",
    "required": True,
    "description": "Twilio's signature of the address and the form",
    "schema": _TEXT,
}
_REFUSALS = {
    "403": "Not signed by Twilio",
    "404": "No such attempt",
    "422": "A field that Twilio always sends is missing",
}
_TWIML = {"200": {"description": "What is said next", "content": {"text/xml": {"schema": _TEXT}}}}
_TAKEN = {"204": {"description": "Taken in; repeated or late reports change nothing"}}


def _door(name: str, summary: str, fields: list[str], answers: dict[str, Any]) -> dict[str, Any]:
    """The description of one signed post."""
    about_attempt = not name.startswith("inbound")
    form = {"type": "object", "properties": dict.fromkeys(fields, _TEXT)}
    problem = {CONTENT_TYPE: {"schema": {"type": "object"}}}
    refusals = {
        status: {"description": meaning, "content": problem}
        for status, meaning in _REFUSALS.items()
        if about_attempt or status != "404"
    }
    operation = {
        "operationId": f"hooks_twilio_{name.replace('-', '_')}",
        "tags": ["hooks"],
        "summary": summary,
        "security": [],
        "parameters": [_SIGNATURE, *([_ATTEMPT] if about_attempt else [])],
        "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": form}}},
        "responses": {**answers, **refusals},
    }
    place = "/{attempt}" if about_attempt else ""
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
    **_door("inbound-sms", "Somebody wrote to us", ["MessageSid", "From", "To", "Body"], _TWIML),
}
