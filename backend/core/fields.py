"""Model fields whose values are encrypted in the database, and the indexes that find them."""

from typing import TYPE_CHECKING, Any

from django.db import models

from backend.core import crypto

if TYPE_CHECKING:
    _TextField = models.TextField[str, str]
    _CharField = models.CharField[str, str]
else:
    _TextField = models.TextField
    _CharField = models.CharField


class EncryptedTextField(_TextField):
    """Text that is readable in Python and ciphertext in the database; "" stays ""."""

    @property
    def _context(self) -> str:
        return f"{self.model._meta.db_table}.{self.attname}"

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way in."""
        value = super().get_prep_value(value)
        if value in (None, ""):
            return value
        return crypto.encrypt(value, context=self._context)

    def from_db_value(self, value: str | None, _expression: Any, _connection: Any) -> str | None:
        """Decrypt on the way out."""
        if value in (None, ""):
            return value
        return crypto.decrypt(value, context=self._context)

    def get_lookup(self, lookup_name: str) -> Any:
        """Only emptiness can be asked of a ciphertext; look-ups go by the blind index."""
        if lookup_name not in {"isnull"}:
            raise TypeError(f"{self.name} is encrypted; look it up by its blind index")
        return super().get_lookup(lookup_name)


class BlindIndexField(_CharField):
    """The blind index of an encrypted field of the same row, made anew whenever the row is saved.

    `save` and `bulk_create` keep it right; `update` and `bulk_update` do not know it.
    """

    def __init__(self, *, of: str, context: str, **options: Any) -> None:
        """Index the field named `of`; equal values of one `context` have equal indexes."""
        self.of = of
        self.context = context
        super().__init__(**{"max_length": 64, "blank": True, "editable": False, **options})

    def deconstruct(self) -> Any:
        """How a migration writes it."""
        name, path, arguments, options = super().deconstruct()
        return name, path, arguments, {**options, "of": self.of, "context": self.context}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: ARG002
        """Follow the field it indexes."""
        text = getattr(model_instance, self.of)
        index = crypto.blind_index(text, context=self.context) if text else ""
        setattr(model_instance, self.attname, index)
        return index
