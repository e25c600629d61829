"""`manage.py rotate_keys [--verify]`: every encrypted value under the first key of FIELD_KEYS."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from backend.core import crypto, rotation
from backend.core.rotation import Count

BATCH = 200
PAUSE_S = 0.05


class Command(BaseCommand):
    """Rotate the keys of fields; the steps before and after are in docs/runbook.md."""

    help = "Bring every encrypted value and index to the first key of FIELD_KEYS; Yian may run."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How gently, and whether only to look."""
        parser.add_argument("--verify", action="store_true", help="only count what is left")
        parser.add_argument("--batch", type=int, default=BATCH, help="rows at a time")
        parser.add_argument(
            "--pause", type=float, default=PAUSE_S, help="seconds to rest after each batch"
        )

    def handle(self, *, verify: bool, batch: int, pause: float, **_options: object) -> None:
        """Rotate unless only asked to look; then look, and say whether old keys may go."""
        if not verify:
            for place in rotation.places():
                self._say(rotation.rotate(place, batch=batch, pause_s=pause, tell=self._go_on))
        counts = [rotation.verify(place, batch=batch) for place in rotation.places()]
        undone = [count for count in counts if not count.is_done]
        for count in undone:
            self.stdout.write(_what_is_left(count))
        if undone:
            raise CommandError(_("Old keys are still needed: keep them in FIELD_KEYS."))
        said = _("All %(rows)d rows need the key %(first)s only. Old keys can be removed: %(old)s")
        first, *old = crypto.key_ids()
        rows = sum(count.seen for count in counts)
        self.stdout.write(said % {"rows": rows, "first": first, "old": ", ".join(old) or "-"})

    def _go_on(self, count: Count) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"{count.table}: {count.renewed}", ending="\r")

    def _say(self, count: Count) -> None:
        self.stdout.write(
            _("%(table)s: %(renewed)d of %(seen)d rows renewed")
            % {"table": count.table, "renewed": count.renewed, "seen": count.seen}
        )


def _what_is_left(count: Count) -> str:
    return _(
        "%(table)s: %(left)d under an old key, %(clashes)d twice, %(unreadable)d unreadable, "
        "%(unsourced)d found by an old key only"
    ) % {
        "table": count.table,
        "left": count.left,
        "clashes": count.clashes,
        "unreadable": count.unreadable,
        "unsourced": count.unsourced,
    }
