"""`manage.py replay_erasures`: after a restore, delete again whoever had been deleted since."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.core import clock
from services.rights import erased_list
from services.rights.actions import erase
from services.rights.policies import CLOCKWORK


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
        for resident in back:
            erase(resident, by=CLOCKWORK, now=clock.now())
        added = erased_list.complete()
        self.stdout.write(f"deleted again: {len(back)}; added to the list: {added}")
