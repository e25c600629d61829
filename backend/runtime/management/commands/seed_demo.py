"""`manage.py seed_demo`: plants the demo district and hands out its secrets."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.module_loading import import_string

from backend.core import clock
from backend.places.models import Area
from backend.runtime import state
from backend.runtime.demo.context import DISTRICT_CODE, FULL, SMALL, Context


class Command(BaseCommand):
    """Plants once; run again it changes nothing, but hands out new secrets if the file is gone."""

    help = "Plant the demo district (invented people) and write its accounts and tokens to a file."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to write, and which district."""
        parser.add_argument("--out", type=Path, required=True)
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--small", action="store_true", help="one street, for tests")

    def handle(self, *_arguments: Any, out: Path, seed: int, small: bool, **_options: Any) -> None:
        """Run the seeders in one transaction, then write the file."""
        is_new = not Area.objects.filter(parent=None, code=DISTRICT_CODE).exists()
        if is_new and Area.objects.exists():
            raise CommandError("This database already holds another district; nothing was planted.")
        issues = is_new or not out.exists()
        context = Context(
            seed=seed,
            size=SMALL if small else FULL,
            now=clock.now(),
            is_new=is_new,
            issues=issues,
            out={} if issues else json.loads(out.read_text("utf-8")),
        )
        with transaction.atomic():
            for name in settings.DEMO_SEEDERS:
                import_string(name)(context)
        state.write_privately(out, json.dumps(context.out, ensure_ascii=False, indent=1) + "\n")
