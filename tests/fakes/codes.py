"""The texts with sign-in codes that are owed, as the outbox has them."""

from collections.abc import Sequence
from typing import overload

from django.db.models.expressions import RawSQL

from notifications.models import Delivery

Text = tuple[str, str, str]
"""Phone, code and language."""


class Owed(Sequence[Text]):
    """All of them, asked anew each time, in the order in which they were written."""

    def _all(self) -> list[Text]:
        owed = Delivery.objects.filter(template="sign_in_code").order_by(RawSQL("ctid", ()))
        return [(each.address, each.secret, each.language) for each in owed]

    @overload
    def __getitem__(self, index: int) -> Text: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Text]: ...
    def __getitem__(self, index: int | slice) -> Text | Sequence[Text]:
        """One, or some of them."""
        return self._all()[index]

    def __len__(self) -> int:
        """How many."""
        return len(self._all())
