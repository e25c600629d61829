"""Refusals about rules, facts and parameters."""

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError


class NoRule(DomainError):
    """No rule of the benefit is in force on the day."""

    code = "no_rule"
    message = _("No rule for this benefit is in force on that day.")


class OwnParameter(DomainError):
    """Nobody confirms a value that they entered."""

    code = "own_parameter"
    message = _("You entered this value yourself. A colleague must confirm it.")


class ParameterStands(DomainError):
    """There is a value of that day already."""

    code = "parameter_stands"
    message = _("There is a value from that day on already.")
