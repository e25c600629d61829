"""How Django's forms are drawn, and forms that do once what is pressed twice."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django import forms
from django.forms.renderers import DjangoTemplates

from backend.core.idempotency import answered_once


class PlainFormRenderer(DjangoTemplates):
    """The setting FORM_RENDERER: `{{ form.phone.as_field_group }}` gives our field."""

    field_template_name = "web/parts/field.html"


class OnceForm(forms.Form):
    """A form that acts once however often its button is pressed; the page shows `{{ form.once }}`.

    The page carries a key. The same content with the same key is done once; whoever goes back and
    writes something else has that done as well.
    """

    once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, **options: Any) -> None:
        """Give the page a key of its own."""
        super().__init__(*args, **options)
        self.fields["once"].initial = uuid4().hex

    def act_once(self, *, owner: str, now: datetime, act: Callable[[], Any]) -> Any:
        """What `act` gives, a JSON value; of a form that is valid."""

        def answer() -> tuple[int, Any]:
            return HTTPStatus.OK, act()

        _, said = answered_once(owner=owner, key=self._key(), request_body=b"", now=now, act=answer)
        return said

    def _key(self) -> str:
        if not self.cleaned_data["once"]:
            return uuid4().hex
        content = [(name, str(value)) for name, value in sorted(self.cleaned_data.items())]
        return hashlib.sha256(repr((type(self).__name__, content)).encode()).hexdigest()
