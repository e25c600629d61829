"""The settings of the demo's telephones, from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class MissingSetting(Exception):
    """A variable without which nothing can be signed or checked."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Who the demo's Twilio account is, and how lifelike its calls are.

    `public_url` and `from_number` are only needed for a text or call that a person
    starts before our side ever wrote or rang; otherwise they are learned from that.
    `labels` is a JSON file `[{"number", "label"}]` with names for the telephones.
    `pace` is how long speech and delivery take: 1 as in life, 0 no time at all.
    """

    account_sid: str
    auth_token: str
    public_url: str | None = None
    from_number: str | None = None
    labels: Path | None = None
    pace: float = 1.0


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read the settings.

    Raises:
        MissingSetting: TWILIO_ACCOUNT_SID or TWILIO_AUTH_TOKEN is not set.
    """
    for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"):
        if not environment.get(name):
            raise MissingSetting(f"{name} is not set: the demo phones share it with Yian.")
    labels = environment.get("DEMO_PHONES_LABELS")
    return Settings(
        account_sid=environment["TWILIO_ACCOUNT_SID"],
        auth_token=environment["TWILIO_AUTH_TOKEN"],
        public_url=environment.get("PUBLIC_URL") or None,
        from_number=environment.get("TWILIO_FROM") or None,
        labels=Path(labels) if labels else None,
        pace=float(environment.get("DEMO_PHONES_PACE", "1")),
    )
