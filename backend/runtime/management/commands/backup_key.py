"""`manage.py backup_key <file>`: a new key pair for backups."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from backend.runtime import sealed, state


class Command(BaseCommand):
    """Make a key pair; the secret half goes into a file and nowhere else."""

    help = "Make a key for backups: the secret half into a new file, the public one is printed."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the secret half goes: a place that the server cannot read afterwards."""
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **_options: object) -> None:
        """Write the secret half, print the public one."""
        if file.exists():
            raise CommandError(_("%(file)s exists already.") % {"file": file})
        secret, public = sealed.new_key()
        state.write_privately(file, f"# {public}\n{secret}\n")
        self.stdout.write(f"BACKUP_KEY={public}")
