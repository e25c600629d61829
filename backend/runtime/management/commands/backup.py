"""`manage.py backup [file]`: the database in one file, while everything runs."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from backend.core import owner
from backend.runtime import backup
from backend.runtime.errors import RuntimeFault
from backend.runtime.state import State


class Command(BaseCommand):
    """Save the database."""

    help = "Save the database, embedded or external, into one file; Yian may be running."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file is optional: backups in the state folder are named by their moment."""
        parser.add_argument("file", nargs="?", type=Path)

    def handle(self, *, file: Path | None, **_options: object) -> None:
        """Save, and say where and how much."""
        url, state = owner.url(), State(settings.STATE_DIR)
        moment = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        target = file or state.root / "backups" / f"yian-{moment}.dump.age"
        try:
            with backup.database_of(state, url):
                tables = backup.save(url, target, key=settings.ENV.backup_key)
        except RuntimeFault as fault:
            raise CommandError(str(fault)) from fault
        said = _(
            "Saved %(tables)d tables to %(file)s, encrypted. Keep its secret key and FIELD_KEYS in "
            "another place: without them nobody can read it."
        )
        self.stdout.write(said % {"tables": tables, "file": target})
