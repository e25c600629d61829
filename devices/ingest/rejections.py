"""What could not be used: counted by source and reason, written together, its content not kept."""

import threading
from collections import Counter
from datetime import datetime

from devices import actions
from devices.ingest import figures

MOST_KEPT = 5_000
OTHERS = "others"
"""Beyond so many sources at once, further ones are counted under one name."""


class Rejections:
    """Refusals since the last writing."""

    def __init__(self) -> None:
        """None yet."""
        self._counted: Counter[tuple[str, str]] = Counter()
        self._changing = threading.Lock()

    def count(self, source: str, code: str, times: int = 1) -> None:
        """Note that a message, or a part of one, was refused."""
        figures.REJECTED.inc(times)
        with self._changing:
            is_full = len(self._counted) >= MOST_KEPT
            kept = (source[:80], code)
            self._counted[(OTHERS, code) if is_full and kept not in self._counted else kept] += (
                times
            )

    def write(self, now: datetime) -> None:
        """Write what was counted. What cannot be written now is kept."""
        with self._changing:
            counted, self._counted = self._counted, Counter()
        if not counted:
            return
        written = False
        try:
            actions.note_rejections(counted, now=now)
            written = True
        finally:
            if not written:
                with self._changing:
                    self._counted.update(counted)
