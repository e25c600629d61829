"""Model fields whose values are encrypted in the database, and the indexes that find them."""

import json
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models
from django.db.models.lookups import Exact, In

from backend.core import crypto

Given = TypeVar("Given")
Held = TypeVar("Held")

if TYPE_CHECKING:
    _TextField = models.TextField
    _CharField = models.CharField[str, str]
else:
    _CharField = models.CharField

    class _TextField(models.TextField):
        """Django's field, which takes its types only for the type checker."""

        def __class_getitem__(cls, _types: object) -> type:
            return cls


class EncryptedField(_TextField[Given, Held]):
    """What is readable in Python and ciphertext in the database; "" stays ""."""

    @property
    def context(self) -> str:
        """What is authenticated with a value: the place where it stands."""
        return f"{self.model._meta.db_table}.{self.attname}"

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way in."""
        value = super().get_prep_value(value)
        if value in (None, ""):
            return value
        return crypto.encrypt(value, context=self.context)

    def from_db_value(self, value: str | None, _expression: Any, _connection: Any) -> str | None:
        """Decrypt on the way out."""
        if value in (None, ""):
            return value
        return crypto.decrypt(value, context=self.context)

    def get_lookup(self, lookup_name: str) -> Any:
        """Only emptiness can be asked of a ciphertext; look-ups go by the blind index."""
        if lookup_name == "exact":
            return _IsEmpty
        if lookup_name != "isnull":
            raise TypeError(f"{self.name} is encrypted; look it up by its blind index")
        return super().get_lookup(lookup_name)


class EncryptedTextField(EncryptedField[str, str]):
    """Text, encrypted."""


BLOCK = 16
"""Lengths of encrypted JSON are multiples of it: yes and no are equally long."""


def as_json(value: Any) -> str:
    """A JSON value as it is encrypted, filled up with spaces."""
    text = json.dumps(value)
    return text.ljust(-(-len(text) // BLOCK) * BLOCK)


class EncryptedJSONField(EncryptedField[Any, Any]):
    """A JSON value, encrypted whole; nothing inside it can be looked up."""

    if TYPE_CHECKING:
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def get_prep_value(self, value: Any) -> Any:
        """Write it as JSON and encrypt it."""
        return super().get_prep_value(None if value is None else as_json(value))

    def from_db_value(self, value: str | None, _expression: Any, _connection: Any) -> Any:
        """Decrypt and read it."""
        text = super().from_db_value(value, _expression, _connection)
        return None if text is None else json.loads(text)

    def to_python(self, value: Any) -> Any:
        """As it is: any JSON value."""
        return value


class _IsEmpty(Exact):
    """`field=""`: the only value that is the same in the database."""

    def get_prep_lookup(self) -> Any:
        if self.rhs != "":
            raise TypeError("An encrypted field is looked up by its blind index")
        return self.rhs


class BlindIndexField(_CharField):
    """The blind index of an encrypted field of the same row, made anew whenever the row is saved.

    `save` and `bulk_create` keep it right; `update` and `bulk_update` do not know it. It is looked
    up by a `crypto.BlindIndex`, which finds what any of the keys made.
    """

    def __init__(
        self, *, of: str, context: str, may_lack_source: bool = False, **options: Any
    ) -> None:
        """Index the field named `of`; equal values of one `context` have equal indexes.

        `may_lack_source`: a row from before its value was kept holds the index that it has.
        """
        self.of = of
        self.context = context
        self.may_lack_source = may_lack_source
        super().__init__(**{"max_length": 64, "blank": True, "editable": False, **options})

    def deconstruct(self) -> Any:
        """How a migration writes it."""
        name, path, arguments, options = super().deconstruct()
        own = {"of": self.of, "context": self.context}
        if self.may_lack_source:
            own["may_lack_source"] = True  # type: ignore[assignment]
        return name, path, arguments, {**options, **own}

    def index_of(self, text: str) -> str:
        """What is stored for a value of the indexed field."""
        return crypto.blind_index(text, context=self.context) if text else ""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: ARG002
        """Follow the field it indexes."""
        text = getattr(model_instance, self.of)
        if not text and self.may_lack_source:
            return str(getattr(model_instance, self.attname))
        index = self.index_of(text)
        setattr(model_instance, self.attname, index)
        return index

    def get_lookup(self, lookup_name: str) -> Any:
        """Equality finds what any key made; of a stored index it would miss what another made."""
        return {"exact": _MadeByAnyKey, "in": _AmongMadeByAnyKey}.get(
            lookup_name
        ) or super().get_lookup(lookup_name)


def _by_every_key(wanted: Any) -> tuple[str, ...]:
    if wanted == "":
        return ("",)
    if isinstance(wanted, crypto.BlindIndex):
        return wanted.by_every_key
    raise TypeError("A blind index is looked up by the index of the value, not by a stored one")


class _MadeByAnyKey(In):
    """`index=phones.index(number)`."""

    lookup_name = "exact"

    def get_prep_lookup(self) -> Any:
        self.rhs = list(_by_every_key(self.rhs))
        return super().get_prep_lookup()


class _AmongMadeByAnyKey(In):
    """`index__in=[phones.index(number), …]`."""

    def get_prep_lookup(self) -> Any:
        self.rhs = [each for wanted in self.rhs for each in _by_every_key(wanted)]
        return super().get_prep_lookup()
