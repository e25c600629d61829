"""Letters: a number, a code that anybody can check, and a seal.

The seal is a port: where no seal service is registered it is our own keyed hash of the letter, so
that a changed letter is not called genuine.
"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from backend.core import crypto, rotation
from backend.places.models import Area
from services.assistance.cases.doers import Doer
from services.assistance.cases.numbers import letter_number, verification_code
from services.assistance.models import AssistanceCase, Letter, Opinion

Seal = Callable[[str], str]
"""From the letter's content to what seals it."""

_seals: list[Seal] = []


def register_seal(seal: Seal) -> None:
    """Let a seal service seal letters; it is called within the transaction of the letter."""
    _seals[:] = [seal]


def write_letter(
    case: AssistanceCase, opinion: Opinion, *, issued_by: Doer, now: datetime
) -> Letter:
    """Write the letter of a confirmed opinion."""
    root = Area.objects.get(path=case.area.path.partition(".")[0] + ".")
    letter = Letter(
        case=case,
        opinion=opinion,
        number=letter_number(root.name, now),
        code=verification_code(),
        issued_at=now,
        issued_by_id=issued_by.account,
    )
    letter.seal = (_seals[0] if _seals else own_seal)(content_of(letter))
    letter.save()
    return letter


def content_of(letter: Letter) -> str:
    """What is sealed: everything the letter says."""
    opinion = letter.opinion
    return json.dumps(
        {
            "number": letter.number,
            "code": letter.code,
            "issued": letter.issued_at.isoformat(),
            "resident": str(letter.case.resident_id),
            "benefit": letter.case.benefit,
            "kind": opinion.kind,
            "household_size": opinion.household_size,
            "amount_fen": opinion.amount_fen,
            "articles": opinion.articles,
        },
        sort_keys=True,
        ensure_ascii=False,
    )


def own_seal(content: str) -> crypto.BlindIndex:
    """A keyed hash of the content."""
    return crypto.blind_index(content, context="letter")


def letter_by_code(code: str) -> Letter | None:
    """The genuine letter with this code, if there is one; spaces and small letters do not matter.

    A letter whose content was changed afterwards is not genuine.
    """
    wanted = code.strip().upper().replace(" ", "")
    letter = Letter.objects.select_related("case", "opinion").filter(code=wanted).first()
    if letter is None or (not _seals and not own_seal(content_of(letter)).matches(letter.seal)):
        return None
    return letter


def _renewed(key: Any, values: dict[str, Any]) -> dict[str, Any]:
    """The seal by the first key, of a letter that is genuine and sealed by ourselves."""
    if _seals:
        return {}
    letter = Letter.objects.select_related("case", "opinion").get(pk=key)
    seal = own_seal(content_of(letter))
    is_old = seal != values["seal"] and seal.matches(values["seal"])
    return {"seal": str(seal)} if is_old else {}


rotation.register(
    rotation.Place(table="assistance_letter", key="id", columns=["seal"], renewed=_renewed)
)
