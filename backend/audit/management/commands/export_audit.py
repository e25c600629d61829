"""`manage.py export_audit --from --to <file>`: a period of the audit as a signed file."""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from backend.audit import exporting, signing
from backend.core import clock

BY = "system:export_audit"


class Command(BaseCommand):
    """Write the signed file."""

    help = "Write the rows of a period into one signed file; leaves a row in the audit itself."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The period in dates or times, and where to."""
        parser.add_argument("--from", required=True, dest="since", metavar="TIME")
        parser.add_argument("--to", required=True, dest="until", metavar="TIME")
        parser.add_argument("file", type=Path)

    def handle(self, *, since: str, until: str, file: Path, **_options: object) -> None:
        """Write it, and say what an auditor needs to check it."""
        period = {"since": _moment(since), "until": _moment(until)}
        with file.open("xb") as opened:
            written = exporting.export_period(opened, **period, by=BY, now=clock.now())
        said = _("Wrote %(rows)d rows to %(file)s. Public key: %(key)s")
        key = signing.public_key()
        self.stdout.write(said % {"rows": written.rows, "file": file, "key": key})


def _moment(text: str) -> datetime:
    day = parse_date(text)
    moment = parse_datetime(f"{day.isoformat()}T00:00") if day else parse_datetime(text)
    if moment is None:
        raise CommandError(_("%(text)s is no date or time.") % {"text": text})
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
