"""Read residents from a table; without --apply only what it would do is said."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backend.accounts.actors import actor_of
from backend.accounts.models import User
from backend.core import clock
from backend.core.errors import DomainError
from backend.places.models import Area
from devices.enrolment import actions, queries


class Command(BaseCommand):
    """`manage.py import_residents FILE --as LEAD [--apply] [--change all|2,5,9]`."""

    help = "Read residents from a CSV or XLSX table; a dry run unless --apply is given."

    def add_arguments(self, parser: CommandParser) -> None:
        """The table, who imports it, and how far to go."""
        parser.add_argument("table", type=Path)
        parser.add_argument("--as", dest="username", required=True, help="account that imports")
        parser.add_argument("--apply", action="store_true", help="do it, not only say it")
        parser.add_argument("--change", default="", help="rows to overwrite: all, or their numbers")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say what it would do, then do it when told so."""
        user = User.objects.select_related("area").filter(username=options["username"]).first()
        if user is None or user.area is None or not actor_of(user).scope("imports", "apply"):
            raise CommandError("This account may not import residents.")
        areas = list(queries.areas_to_enrol_in(actor_of(user)))
        try:
            self._import(options, user, user.area, areas)
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error

    def _import(self, options: dict[str, Any], user: User, area: Area, areas: list[Area]) -> None:
        now, table = clock.now(), options["table"]
        run, planned = actions.read_import(
            table.read_bytes(),
            file_name=table.name,
            area=area,
            areas=areas,
            by=user.reference,
            now=now,
        )
        for row in planned:
            for column, code in row.errors:
                self.stdout.write(f"row {row.number}: {column}: {code}")
        self.stdout.write(
            f"{run.rows} rows: {run.to_create} new, {run.to_change} would change, "
            f"{run.unchanged} the same, {run.refused} refused"
        )
        if not options["apply"]:
            return
        changed = {row.number for row in planned if row.kind == "changed"}
        said = options["change"]
        ticked = changed if said == "all" else {int(n) for n in said.split(",") if n.strip()}
        done = actions.apply_import(
            run, areas=areas, change_rows=ticked, by=user.reference, now=now
        )
        self.stdout.write(f"{done.created} enrolled, {done.changed} changed")
