"""The red button's message, read as leniently as can be: any message is a call."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from backend.places.datum import Position
from devices.ingest.observation import loads
from devices.ingest.positions import position_of
from devices.ingest.raising import Claim

MAX_NAME, MAX_PHONE, MAX_PLACE, MAX_ID = 60, 32, 200, 64

_UNSTORABLE = re.compile("[\0-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class Plea(NamedTuple):
    """What could be read of a call for help; all of it may be missing."""

    token: str = ""
    claim: Claim = Claim()
    position: Position | None = None
    id: str = ""


def plea_in(body: bytes) -> Plea:
    """Read a JSON object or a form; rubbish is a plea without words."""
    told = _told(body)
    return Plea(
        token=_text(told.get("token"), 128),
        claim=Claim(
            name=_text(told.get("name"), MAX_NAME),
            phone=_text(told.get("phone"), MAX_PHONE),
            place=_text(told.get("place"), MAX_PLACE),
        ),
        position=position_of(told.get("position")),
        id=_text(told.get("id"), MAX_ID),
    )


def _told(body: bytes) -> Mapping[str, Any]:
    try:
        decoded = loads(body)
    except ValueError:
        form = parse_qsl(body.decode("utf-8", "replace"), max_num_fields=None)
        return dict(form[:20])
    return decoded if isinstance(decoded, dict) else {}


def _text(value: Any, limit: int) -> str:
    """A line of text as it can be stored; numbers, as of phones, are text too."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return _UNSTORABLE.sub("", str(value)).strip()[:limit]
