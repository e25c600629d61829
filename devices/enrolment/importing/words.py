"""A planned row in the reader's words."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from backend.people.models import Language
from devices.enrolment.forms import PROBLEMS
from devices.enrolment.importing.columns import HEADINGS
from devices.enrolment.importing.planned import Planned

Words = str | Promise

CODES: dict[str, Words] = {
    **PROBLEMS,
    "too_long": _("This is too long."),
    "unknown_area": _("No area of yours is called so."),
    "ambiguous_area": _("Several areas are called so. Please write the area's code."),
    "bad_date": _("This is not a day."),
    "unknown_choice": _("This word is not in the list."),
    "twice_in_table": _("This person stands in the table twice."),
    "enrolled_elsewhere": _("This person is enrolled in another area."),
}


@dataclass(frozen=True)
class Titled:
    """A row with its faults and changes as sentences."""

    row: Planned
    errors: list[tuple[str, Words]]
    differences: list[tuple[str, str, str]]


def titled(row: Planned) -> Titled:
    """Name the columns as the reader's table would."""
    return Titled(
        row,
        [(heading(column), CODES.get(code, code)) for column, code in row.errors],
        [(heading(each.field), each.before, each.after) for each in row.differences],
    )


def heading(column: str) -> str:
    """The first heading of a column in the reader's language."""
    texts = HEADINGS.get(column)
    if texts is None:
        return str(_("contact")) if column == "contacts" else column
    return texts[-1] if get_language() == Language.EN else texts[0]
