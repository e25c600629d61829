"""Whether a bundle is FHIR R4: `fhir.resources` for its shape, and its codes by ourselves.

The library knows the required value sets and does not check them.
"""

from collections.abc import Iterator
from typing import Any

from fhir.resources.R4B.bundle import Bundle
from pydantic import BaseModel

from services.rights.fhir_codes import LONGER

MORE = "+"


def checked(made: dict[str, Any]) -> dict[str, Any]:
    """The bundle as the library writes it.

    Raises:
        ValueError: it is not FHIR R4.
    """
    model = Bundle.model_validate(made)
    wrong = list(wrong_codes(model))
    if wrong:
        raise ValueError("; ".join(wrong))
    written: dict[str, Any] = model.model_dump(mode="json", by_alias=True, exclude_none=True)
    return written


def wrong_codes(model: BaseModel) -> Iterator[str]:
    """Codes outside of their required value set, here and in everything below."""
    kind = type(model).__name__
    for name, about in type(model).model_fields.items():
        value = getattr(model, name, None)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, BaseModel):
                yield from wrong_codes(each)
            elif each is not None and not _is_allowed(kind, name, about.json_schema_extra, each):
                yield f"{kind}.{name}: {each!r}"


def _is_allowed(kind: str, name: str, extra: object, value: object) -> bool:
    known = extra.get("enum_values") if isinstance(extra, dict) else None
    if not known or value in known:
        return True
    return MORE in known and value in LONGER.get((kind, name), ())
