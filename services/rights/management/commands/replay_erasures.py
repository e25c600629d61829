"""`manage.py replay_erasures`: after a restore, delete again whoever had been deleted since."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from services.rights import erased_list
from services.rights.restoring import erase_again


class Command(BaseCommand):
    """Compare the database with the list of the deleted."""

    help = "Find, and with --apply delete again, people whom an old backup brought back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--apply`."""
        parser.add_argument("--apply", action="store_true", help="delete them again")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Say how many there are; fail while there are any."""
        back = erased_list.brought_back()
        if back and not options["apply"]:
            raise CommandError(
                f"{len(back)} deleted people are in the database again: "
                "manage.py replay_erasures --apply"
            )
        erase_again()
        if left := erased_list.brought_back():
            raise CommandError(f"{len(left)} could not be deleted again; the log says why")
        added = erased_list.complete()
        self.stdout.write(f"deleted again: {len(back)}; added to the list: {added}")
