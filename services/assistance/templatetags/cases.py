"""Tags of the pages about cases."""

from django import template
from django.forms import Form
from django.utils.translation import gettext

register = template.Library()


@register.filter
def yuan(fen: int | None) -> str:
    """An amount as it is written: ¥612.50; "" where there is none."""
    if fen is None:
        return ""
    whole, rest = divmod(fen, 100)
    return gettext("¥%(amount)s") % {"amount": f"{whole:,}.{rest:02}" if rest else f"{whole:,}"}


@register.filter
def get_form(forms: dict[str, Form], name: str) -> Form | None:
    """The form of an act whose name is no identifier."""
    return forms.get(name)
