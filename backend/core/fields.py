"""Model fields whose values are encrypted in the database."""

from typing import TYPE_CHECKING, Any

from django.db import models

from backend.core import crypto

if TYPE_CHECKING:
    _TextField = models.TextField[str, str]
else:
    _TextField = models.TextField


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
