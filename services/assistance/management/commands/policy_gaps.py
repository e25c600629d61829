"""`manage.py policy_gaps`: the values of the law that officers must still enter."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from services.assistance.policy import packs, queries, vocabulary


class Command(BaseCommand):
    """Lists them by name, with what is known of each instead; exits 1 if there are any."""

    help = "Values of the law that the pack lacks and nobody has entered at /desk/policy/."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which district."""
        parser.add_argument("--district", default="", help="code of the district, such as 320213")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Print the list."""
        found = queries.gaps_on(timezone.localdate(), district=options["district"])
        for gap in found:
            words = vocabulary.named(gap.name, "zh-hans")
            self.stdout.write(f"{gap.name}\t{words}\t{gap.layer or '-'}\t{gap.source or '-'}")
        self.stdout.write(f"{packs.current().pack}: {len(found)} missing")
        if found:
            raise SystemExit(1)
