"""A sealed chain with its checkpoints, and hands that can do what a database superuser can."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection

from backend.audit import actions, checkpoints, sealing
from backend.audit.checkpoints import CheckpointFile
from backend.audit.models import AuditRow
from backend.audit.verifying import Report, read_all
from tests.builders import NOON

ROWS = 10


def write_rows(count: int, *, at: datetime = NOON, action: str = AuditRow.Action.READ) -> None:
    """Append rows, as reads of different residents' fields."""
    for number in range(count):
        actions.record(
            actor=f"user:{number}",
            action=AuditRow.Action(action),
            subject=f"resident:{number}",
            fields=["phone"],
            now=at,
        )


def seal_all() -> None:
    """Seal until nothing waits."""
    while sealing.seal_committed():
        pass


def as_superuser(sql: str, *parameters: str | int | bytes | datetime) -> None:
    """Do it with the triggers switched off."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, parameters)
        cursor.execute("SET LOCAL session_replication_role = origin")


@dataclass
class Chain:
    """Ten sealed rows, of which the checkpoints know the fifth and the last."""

    folder: Path
    sealer: sealing.Sealer = field(init=False)

    def __post_init__(self) -> None:
        """Write and seal."""
        self.sealer = sealing.Sealer(CheckpointFile(self.folder))
        for part in range(2):
            write_rows(ROWS // 2)
            self.sealer.round(NOON + part * sealing.CHECKPOINT_EVERY)

    @property
    def file(self) -> Path:
        """The checkpoints."""
        return self.folder / checkpoints.NAME

    def row(self, number: int) -> int:
        """The key of the row with a number."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT row_id FROM audit_seal WHERE number = %s", [number])
            return int(cursor.fetchone()[0])

    def verified(self, *, after: timedelta = timedelta(0)) -> Report:
        """What the verifier says, some time after noon."""
        return read_all(checkpoints.read([self.file]), now=NOON + after)

    def found(self, *, after: timedelta = timedelta(0)) -> set[str]:
        """The codes of its findings."""
        return {finding.code for finding in self.verified(after=after).findings}


Attack = Callable[[Chain], None]
