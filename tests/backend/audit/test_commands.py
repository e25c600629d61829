"""The commands of the audit, as whoever is on duty calls them."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django import Settings

from backend.audit.models import AuditRow
from tests.backend.audit.battery import Chain, as_superuser

pytestmark = pytest.mark.django_db(transaction=True)


def said(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


@pytest.fixture
def chain(tmp_path: Path, settings: Settings) -> Chain:
    settings.AUDIT_CHECKPOINTS = tmp_path
    settings.LANGUAGE_CODE = "en"
    return Chain(tmp_path)


def test_the_whole_way_of_an_audit(chain: Chain, tmp_path: Path) -> None:
    assert "Read 10 rows up to number 10" in said("verify_audit")

    export = str(tmp_path / "audit.zip")
    assert "Wrote 10 rows" in said("export_audit", "--from=2026-11-01", "--to=2026-12-01", export)
    assert "Read 10 rows" in said("verify_audit", "--export", export)
    assert AuditRow.objects.filter(action=AuditRow.Action.EXPORT).count() == 1

    assert said("trim_audit", str(tmp_path / "left.zip")).startswith("Nothing")
    assert not (tmp_path / "left.zip").exists()


def test_a_finding_ends_with_one_and_keeps_anything_from_leaving(
    chain: Chain, tmp_path: Path
) -> None:
    out = StringIO()
    with transaction.atomic():
        as_superuser("UPDATE audit_auditrow SET actor = 'user:99' WHERE id = %s", chain.row(4))

    with pytest.raises(SystemExit, match="1"):
        call_command("verify_audit", stdout=out)
    assert "row_edited: Number 4" in out.getvalue()
    with pytest.raises(CommandError, match="not whole"):
        call_command("trim_audit", str(tmp_path / "left.zip"))
