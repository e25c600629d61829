"""Refusals about areas and addresses."""

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, Invalid


class BadOutline(Invalid):
    """The polygon cannot be used."""

    message = _("The outline of the area cannot be used.")


class BadPosition(Invalid):
    """Latitude and longitude are not a place."""

    message = _("The position cannot be used.")


class WrongLevel(Invalid):
    """An area cannot stand below this parent."""

    message = _("An area of this level cannot be below that one.")


class AreaCodeTaken(DomainError):
    """The parent has another area of this code."""

    code = "area_code_taken"
    message = _("There is another area with this code.")


class AreaInUse(DomainError):
    """People, addresses or areas belong to it."""

    code = "area_in_use"
    message = _("The area is in use and cannot be removed.")


class NoGeocoder(DomainError):
    """The geocoder did not answer."""

    code = "geocoder_unavailable"
    message = _("Addresses cannot be looked up at the moment.")
