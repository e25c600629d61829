"""`manage.py trim_audit <file>`: what is past its time leaves the audit, into a signed file."""

import os
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from backend.audit import checkpoints, retention, verifying
from backend.core import clock, owner

BY = "system:trim_audit"


class Command(BaseCommand):
    """Export, record the cut, delete: all or nothing."""

    help = "Take rows that are past AUDIT_KEPT_DAYS out of the audit, into one signed file."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the rows go."""
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **_options: object) -> None:
        """Refuse while the audit is not whole: what is wrong would leave with its traces."""
        with owner.connected():
            known = checkpoints.read([settings.AUDIT_CHECKPOINTS / checkpoints.NAME])
            if verifying.verify(known, now=clock.now()).findings:
                raise CommandError(_("The audit is not whole: look at verify_audit first."))
            trimmed = _trim(file)
        if trimmed is None:
            self.stdout.write(_("Nothing is past its time."))
            return
        said = _("%(rows)d rows up to number %(to)d left to %(file)s; %(kept)d stay longer.")
        numbers = {"rows": trimmed.rows, "to": trimmed.rows_to, "kept": trimmed.kept}
        self.stdout.write(said % {**numbers, "file": file})


def _trim(file: Path) -> retention.Trimmed | None:
    """The file is on the disk before anything leaves for good; without rows there is none."""
    trimmed = None
    try:
        with transaction.atomic(), file.open("xb") as opened:
            trimmed = retention.trim(opened, by=BY, now=clock.now())
            opened.flush()
            os.fsync(opened.fileno())
    except FileExistsError as error:
        raise CommandError(_("%(file)s is there already.") % {"file": file}) from error
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    if trimmed is None:
        file.unlink()
    return trimmed
