"""`manage.py retention_page`: the table of how long what is kept."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from services.rights.retention import page


class Command(BaseCommand):
    """Print the table, or write it."""

    help = "Print docs/retention.md; --write keeps it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--write`."""
        parser.add_argument("--write", action="store_true", help="write docs/retention.md")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Print or write."""
        if options["write"]:
            (Path(settings.BASE_DIR) / "docs" / "retention.md").write_text(page(), "utf-8")
            return
        self.stdout.write(page())
