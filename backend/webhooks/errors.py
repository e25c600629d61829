"""Refusals of webhooks."""

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, Invalid


class BadAddress(Invalid):
    """An address that is not called: no https, or not of the public network."""

    message = _("This address cannot be used. It has to begin with https:// and lie outside of us.")


class BadTypes(Invalid):
    """Kinds of events that nobody is told of."""

    message = _("Some of these kinds of events are not told to other systems.")


class TooManyWebhooks(DomainError):
    """More systems than are told of events."""

    code = "too_many_webhooks"
    message = _("No more than {most} systems can be told of events.")
