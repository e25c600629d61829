"""A copy of everything that is kept of somebody, as JSON that a person can read.

{"format", "made_at", "about", "sections": {name: {"is", "left_out", "rows": [{…}]}}}: each section
says in words what it is and what is not given out and why. Names of staff are given where the
person met them; who else acted is told by what they are ("staff", "family"); numbers that others
gave us are given by their last digits.

Source: Personal Information Protection Law, article 45.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Field, ForeignKey, Model
from django.utils import translation

from backend.accounts.models import User
from backend.core.fields import BlindIndexField
from backend.core.holding import Holding, holdings
from backend.people.models import Resident

FORMAT = "yian-copy-1"
CHUNK = 500
TECHNICAL: Mapping[str, str] = {
    "due_at": "when our clockwork looks at it again",
    "lease_until": "which of our processes holds it",
    "lease_token": "which of our processes holds it",
}
KINDS = {"user": "staff or family", "contact": "family", "caregiver": "caregiver"}
"""Of references such as "user:<uuid>"; others keep their word."""


def pieces(resident: Resident, *, now: datetime) -> Iterator[str]:
    """The copy in pieces of JSON, so that a season of readings need not fit into memory."""
    with translation.override(resident.language):
        head = {"format": FORMAT, "made_at": now.isoformat(), "about": str(resident.pk)}
        yield json.dumps(head, ensure_ascii=False)[:-1] + ', "sections": {'
        for number, holding in enumerate(holdings()):
            yield "," if number else ""
            yield from _section(holding, resident)
        yield "}}"


def _section(holding: Holding, resident: Resident) -> Iterator[str]:
    left_out = withheld(holding)
    yield f"\n{json.dumps(holding.section)}: "
    about = {"is": str(holding.label), "left_out": left_out}
    yield json.dumps(about, ensure_ascii=False)[:-1] + ', "rows": ['
    fields = [each for each in holding.model_class._meta.concrete_fields if given(holding, each)]
    rows = holding.rows_of(resident.pk)
    related = [each.name for each in fields if isinstance(each, ForeignKey)]
    ordered = rows.select_related(*related).order_by("pk") if related else rows.order_by("pk")
    for number, row in enumerate(ordered.iterator(chunk_size=CHUNK)):
        told = {each.name: _shown(holding, each, row) for each in fields}
        told = {name: value for name, value in told.items() if value not in (None, "", [], {})}
        yield ("," if number else "") + "\n" + json.dumps(told, ensure_ascii=False)
    yield "]}"


def given(holding: Holding, field: Field[Any, Any]) -> bool:
    """Whether a field is given out."""
    return field.name not in withheld(holding)


def withheld(holding: Holding) -> dict[str, str]:
    """Fields that are not given out, with their reasons."""
    found = dict(holding.left_out)
    for field in holding.model_class._meta.concrete_fields:
        if field.name in TECHNICAL:
            found[field.name] = TECHNICAL[field.name]
        elif isinstance(field, BlindIndexField) or field.name.endswith("_index"):
            found.setdefault(field.name, "a keyed hash of what stands beside it")
    return found


def _shown(holding: Holding, field: Field[Any, Any], row: Model) -> object:
    value = getattr(row, field.name)
    if field.name in holding.shown:
        return holding.shown[field.name](value)
    if isinstance(field, ForeignKey):
        return _of_other(field, value)
    if isinstance(value, str) and (field.name == "by" or field.name.endswith("_by")):
        kind = value.partition(":")[0]
        return KINDS.get(kind, kind)
    if isinstance(value, str) and field.choices:
        return {"code": value, "is": str(dict(field.flatchoices).get(value, value))}
    return _plain(value)


def _of_other(field: ForeignKey[Any, Any], value: Model | None) -> object:
    """What a row points at: its key where it stands in the copy too, else what it is called."""
    if value is None:
        return None
    if isinstance(value, User):
        return str(value.get_role_display())
    if field.related_model._meta.label in {holding.model for holding in holdings()}:
        return str(value.pk)
    return str(value)


def _plain(value: object) -> object:
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case UUID() | Decimal():
            return str(value)
        case list() | tuple():
            return [_plain(each) for each in value]
        case dict():
            return {str(name): _plain(each) for name, each in value.items()}
        case bytes():
            return value.hex()
    return value
