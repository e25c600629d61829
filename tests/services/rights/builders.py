"""Requests with sensible defaults."""

from datetime import date, datetime
from typing import Any

from backend.accounts.models import Role, User
from backend.people.models import Resident
from services.community.doers import Doer
from services.rights import actions
from services.rights.models import RightsRequest
from tests.builders import NOON, a_phone, a_resident, a_user

Kind = RightsRequest.Kind


def an_officer(resident: Resident) -> User:
    """Somebody of the resident's street who decides."""
    return a_user(role=Role.OFFICER, area=resident.area, name="周芳", phone=a_phone())


def a_request(
    kind: str = Kind.COPY,
    *,
    resident: Resident | None = None,
    now: datetime = NOON,
    by: str = "",
    **fields: Any,
) -> RightsRequest:
    """What a resident asks in the app."""
    of = resident or a_resident(phone=a_phone(), birth_date=date(1940, 5, 1))
    of.refresh_from_db()
    details = {
        "asker": RightsRequest.Asker.RESIDENT,
        "channel": RightsRequest.Channel.APP,
        "by": Doer(by or f"user:{of.pk}", of.name),
        **fields,
    }
    return actions.ask(resident=of, kind=kind, now=now, **details)
