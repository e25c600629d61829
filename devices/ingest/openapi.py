"""The HTTP doors of devices in the OpenAPI description, as DRF does not serve them."""

from typing import Any

_NUMBER, _TEXT = {"type": "number"}, {"type": "string"}
_MOMENT: dict[str, Any] = {"oneOf": [_TEXT, _NUMBER], "description": "ISO 8601 or an epoch"}

_OBSERVATION: dict[str, Any] = {
    "type": "object",
    "required": ["metric"],
    "properties": {
        "device": {**_TEXT, "description": "Needed from a gateway; otherwise the sender itself"},
        "metric": {**_TEXT, "pattern": "^[a-z][a-z0-9_]{0,63}$"},
        "value": {"type": ["boolean", "number", "string", "object"]},
        "unit": _TEXT,
        "at": _MOMENT,
        "seq": {"type": ["integer", "string"], "description": "A counter of the device"},
        "id": {
            "type": ["integer", "string"],
            "description": "Names the message; a resend keeps it",
        },
    },
}

_OUTCOME: dict[str, Any] = {
    "type": "object",
    "properties": {
        "accepted": {"type": "integer"},
        "duplicates": {"type": "integer"},
        "rejected": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"index": {"type": "integer"}, "code": _TEXT},
            },
        },
        "calls": {"type": "array", "items": {"type": "string", "format": "uuid"}},
    },
}

_EVENT: dict[str, Any] = {
    "type": "object",
    "description": "An event of ChirpStack v4 in JSON; what is not named here is not read",
    "properties": {
        "deduplicationId": {**_TEXT, "description": "With fCnt the name of the uplink"},
        "time": {**_TEXT, "description": "ISO 8601, up to nanoseconds"},
        "deviceInfo": {
            "type": "object",
            "properties": {"devEui": _TEXT, "deviceProfileName": _TEXT},
        },
        "devAddr": _TEXT,
        "fCnt": {"type": "integer"},
        "data": {**_TEXT, "description": "The sensor's bytes in base64, read by its model"},
        "rxInfo": {"type": "array", "items": {"type": "object"}},
        "batteryLevel": {**_NUMBER, "description": "Percent; of a status event"},
        "margin": {**_NUMBER, "description": "dB; of a status event"},
    },
}

_POSITION: dict[str, Any] = {
    "type": "object",
    "properties": {
        "lat": _NUMBER,
        "lon": _NUMBER,
        "datum": {"type": "string", "enum": ["wgs84", "gcj02", "bd09"]},
    },
}

_PLEA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "token": {**_TEXT, "description": "SOS token; with it the call is verified"},
        "phone": _TEXT,
        "name": _TEXT,
        "place": _TEXT,
        "position": _POSITION,
        "id": {**_TEXT, "description": "Names the press; a resend keeps it"},
    },
}


def _json(schema: dict[str, Any], *more_types: str) -> dict[str, Any]:
    return {"content": {each: {"schema": schema} for each in ("application/json", *more_types)}}


def _refusals(**meanings: str) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": {"type": "object"}}}
    return {
        status.removeprefix("_"): {"description": meaning, "content": problem}
        for status, meaning in meanings.items()
    }


_NOT_NOW = "The database does not take it now; Retry-After says when to try again"

PATHS: dict[str, dict[str, Any]] = {
    "/ingest/v1/observations": {
        "post": {
            "operationId": "ingest_observations",
            "tags": ["ingest"],
            "summary": "Observations of devices, answered after they are committed",
            "security": [{"token": []}],
            "requestBody": {
                "required": True,
                **_json(
                    {"oneOf": [_OBSERVATION, {"type": "array", "items": _OBSERVATION}]},
                    "application/senml+json",
                ),
            },
            "responses": {
                "200": {"description": "What became of them", **_json(_OUTCOME)},
                "202": {"description": "Refused, but somebody calls for help", **_json(_OUTCOME)},
                **_refusals(
                    _401="The token is not known",
                    _408="It did not arrive in time",
                    _413="Over 1 MiB",
                    _422="Nothing usable",
                    _503=_NOT_NOW,
                ),
            },
        }
    },
    "/ingest/v1/chirpstack": {
        "post": {
            "operationId": "ingest_chirpstack",
            "tags": ["ingest"],
            "summary": "An event of a LoRaWAN network, answered after it is committed",
            "security": [{"token": []}],
            "parameters": [
                {
                    "name": "event",
                    "in": "query",
                    "schema": {"type": "string"},
                    "description": "up, join or status are read; others are answered and left",
                }
            ],
            "requestBody": {"required": True, **_json(_EVENT)},
            "responses": {
                "200": {"description": "What became of it", **_json(_OUTCOME)},
                "202": {"description": "Refused, but somebody calls for help", **_json(_OUTCOME)},
                **_refusals(
                    _401="The token is not known",
                    _408="It did not arrive in time",
                    _413="Over 1 MiB",
                    _422="Nothing usable",
                    _503=_NOT_NOW,
                ),
            },
        }
    },
    "/ingest/v1/sos": {
        "post": {
            "operationId": "ingest_sos",
            "tags": ["ingest"],
            "summary": "A call for help; whatever is sent, it is a call",
            "security": [],
            "requestBody": {"required": False, **_json(_PLEA)},
            "responses": {
                "202": {
                    "description": (
                        "The call; a stranger's press on one that is open already is answered with"
                        " a key of its own, by which the desk finds the call"
                    ),
                    **_json({"type": "object", "properties": {"call": _TEXT}}),
                },
                **_refusals(_503=_NOT_NOW),
            },
        }
    },
}
