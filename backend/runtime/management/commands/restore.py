"""`manage.py restore <file> [--force]`: bring a saved database back."""

from argparse import ArgumentParser
from contextlib import closing
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from backend.audit import sealing
from backend.core import clock, owner
from backend.runtime import backup, roles, sealed
from backend.runtime.errors import RuntimeFault
from backend.runtime.restore import restore
from backend.runtime.state import State


class Command(BaseCommand):
    """Restore the database."""

    help = "Fill an empty database from a backup; --force replaces what a database holds."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A file, and whether what is there may be destroyed."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--key", type=Path, help="file with the secret key of the backup")
        parser.add_argument(
            "--force", action="store_true", help="drop what the database holds, cut off its users"
        )

    def handle(self, *, file: Path, force: bool, key: Path | None, **_options: object) -> None:
        """Restore, and say how much."""
        url, state = owner.url(), State(settings.STATE_DIR)
        try:
            secret = sealed.key_in(key) if key else settings.ENV.backup_key
            with backup.database_of(state, url):
                tables = restore(url, file, key=secret, force=force)
                with closing(psycopg.connect(url)) as connection:
                    roles.grant(connection, settings.ENV.database_url)
                with owner.connected():
                    sealing.note_restore(now=clock.now())
        except RuntimeFault as fault:
            raise CommandError(str(fault)) from fault
        said = _("Restored %(tables)d tables from %(file)s.")
        self.stdout.write(said % {"tables": tables, "file": file})
