"""`manage.py verify_audit`: is the audit what was written, all of it, in its order?"""

import sys
import time
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from backend.audit import reading_exports, verifying
from backend.audit.checkpoints import NAME, read
from backend.audit.verifying import Report
from backend.core import clock


class Command(BaseCommand):
    """Read the chain against the checkpoints, or an export against its signature."""

    help = "Find edits, deletions, reorders, cuts and old backups; ends with 1 if there are any."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Checkpoints kept elsewhere, or an export to check without the database."""
        parser.add_argument(
            "--checkpoints", type=Path, action="append", metavar="FILE", dest="files"
        )
        parser.add_argument("--export", type=Path, metavar="FILE")
        parser.add_argument("--public-key", default="", help="of who signed it, base64")

    def handle(
        self, *, files: list[Path] | None, export: Path | None, public_key: str, **_options: object
    ) -> None:
        """Say what was found; a clean audit ends with 0."""
        began = time.monotonic()
        if export is not None:
            report = reading_exports.check(export, public_key=public_key)
        else:
            known = read(files or [settings.AUDIT_CHECKPOINTS / NAME])
            report = verifying.verify(known, now=clock.now())
        self._tell(report, took_s=time.monotonic() - began)
        if report.findings:
            sys.exit(1)

    def _tell(self, report: Report, *, took_s: float) -> None:
        for note in report.notes:
            self.stdout.write(note)
        for finding in report.findings:
            self.stdout.write(f"{finding.code}: {finding.sentence}")
        for code, count in report.counts.items():
            if count > verifying.TOLD:
                more = _("%(code)s: and %(count)d more.")
                self.stdout.write(more % {"code": code, "count": count - verifying.TOLD})
        said = _("Read %(rows)d rows up to number %(last)d in %(seconds).1f s: %(speed)d a second.")
        speed = report.rows / took_s
        numbers = {"rows": report.rows, "last": report.last, "seconds": took_s, "speed": speed}
        self.stdout.write(said % numbers)
        if not report.findings:
            self.stdout.write(_("Nothing was found: the audit is whole."))
