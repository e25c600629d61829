"""Refusals of enrolment."""

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError


class NotYet(DomainError):
    """An earlier step has to be done first."""

    code = "not_yet"
    message = _("Please enter the person and their home first.")


class WrongCode(DomainError):
    """Not the code of the text."""

    code = "wrong_code"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    message = _("This is not the code of the newest text. Please have it read again.")


class BadInvitation(DomainError):
    """The link is unknown, used, too old or taken back."""

    code = "bad_invitation"
    status = HTTPStatus.NOT_FOUND
    message = _("This link does not work any more. Please ask for a new one.")


class NoTable(DomainError):
    """The file cannot be read as a table; `why` is a code."""

    code = "no_table"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    message = _("This file cannot be read as a table. Nothing was kept.")


class TableTooLarge(DomainError):
    """More than is read at once."""

    code = "table_too_large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    message = _("This table is too large. At most 5 MB and 20,000 rows are read at once.")


class ImportOver(DomainError):
    """It was applied before, or forgotten."""

    code = "import_over"
    message = _("This table was applied or forgotten already. Please choose the file again.")


class NotTheirsToDecide(DomainError):
    """Who of a family sees what is shared is decided by the resident or their first contact."""

    code = "not_theirs_to_decide"
    status = HTTPStatus.FORBIDDEN
    message = _("Only the resident or their first contact can decide this.")
