"""Refusals about alerts."""

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError


class AlertClosed(DomainError):
    """The alert was closed before."""

    code = "alert_closed"
    message = _("This alert is already closed.")
