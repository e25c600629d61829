"""What is wrong is put right by the ordinary action, with what stood there before beside it."""

from datetime import date, datetime
from typing import Any

from backend.core.errors import Invalid
from backend.people.actions import change_resident
from backend.people.models import Resident
from services.community.doers import Doer
from services.rights import policies
from services.rights.errors import AnswerNeeded
from services.rights.models import RightsRequest
from services.rights.record import note

ARROW = " → "


def correct(request: RightsRequest, *, by: Doer, now: datetime) -> None:
    """Enter what would be right; before and after stand, encrypted, in the request's history.

    Raises:
        AnswerNeeded: it is put right elsewhere, and nobody said how.
        Invalid: what they say cannot be entered.
    """
    field = request.about
    if field == policies.OTHER:
        if not request.answer:
            raise AnswerNeeded(fields={"answer": ["required"]})
        return
    before = getattr(request.resident, field)
    changed = change_resident(request.resident, changes=_changes(request), by=by.reference, now=now)
    after = getattr(changed, field)
    note(request, "corrected", by=by, now=now, words=f"{field}: {before or ''}{ARROW}{after or ''}")


def _changes(request: RightsRequest) -> dict[str, Any]:
    """The field; a new card also says the date of birth and the sex."""
    field, said = request.about, request.words
    match field:
        case "birth_date":
            try:
                return {field: date.fromisoformat(said)}
            except ValueError as error:
                raise Invalid(fields={field: ["not_a_day"]}) from error
        case "id_number":
            return {field: said, "birth_date": None, "sex": Resident.Sex.UNKNOWN}
    return {field: said}
