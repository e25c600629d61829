"""Reading the whole chain, and saying what does not fit: the work of `manage.py verify_audit`.

Everything is read in one snapshot of the database and streamed.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from backend.audit import chain, cuts
from backend.audit.checkpoints import Known
from backend.audit.cuts import Front
from backend.audit.models import Cut, Unsealed
from backend.audit.streams import stream

LATE = timedelta(minutes=1)
TOLD = 100
"""So many findings of a kind are told in sentences; the others are counted."""

_LINKS = f"""
SELECT s.number, s.row_id, s.hash, {", ".join(f"r.{name}" for name in chain.COLUMNS)}
FROM audit_seal s LEFT JOIN audit_auditrow r ON r.id = s.row_id
WHERE s.number > %s ORDER BY s.number
"""  # noqa: S608 - the names are ours
_NEVER_QUEUED = """
SELECT r.id FROM audit_auditrow r
WHERE NOT EXISTS (SELECT FROM audit_seal s WHERE s.row_id = r.id)
AND NOT EXISTS (SELECT FROM audit_unsealed u WHERE u.row_id = r.id) ORDER BY r.id
"""
_SEALED_AT = "SELECT r.at FROM audit_seal s JOIN audit_auditrow r ON r.id = s.row_id"


@dataclass(frozen=True)
class Finding:
    """Something is wrong: a code for programs, a sentence for people."""

    code: str
    sentence: str


@dataclass
class Report:
    """What was read, and what is wrong."""

    rows: int = 0
    last: int = 0
    """The number of the last seal."""
    notes: list[str] = field(default_factory=list)
    """What one should know, and nobody did wrong."""
    findings: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    """How many findings of each code."""

    def add(self, code: str, sentence: str) -> None:
        """Note a finding."""
        self.counts[code] += 1
        if self.counts[code] <= TOLD:
            self.findings.append(Finding(code, sentence))


@dataclass(frozen=True)
class _Link:
    """A seal with what it seals; `row` is None where there is none."""

    number: int
    row_id: int
    hash: bytes
    row: bytes | None


def verify(known: Known, *, now: datetime) -> Report:
    """Read all, as of one moment."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return read_all(known, now=now)


def read_all(known: Known, *, now: datetime) -> Report:
    """Read all within the current transaction."""
    report = Report()
    for place in known.tampered:
        text = _("The checkpoint file was changed at %(place)s.")
        report.add("checkpoints_tampered", text % {"place": place})
    front = _front(report)
    _walk(front, report, known)
    _find_unsealed(report, now=now)
    _compare_ends(front, report, known, now=now)
    return report


def _front(report: Report) -> Front:
    found = list(Cut.objects.order_by("rows_to"))
    for cut in found:
        if not cuts.is_signed(cut):
            text = _("The cut up to number %(number)d was not signed by this installation.")
            report.add("cut_forged", text % {"number": cut.rows_to})
    return cuts.front([cut for cut in found if cuts.is_signed(cut)])


def _walk(front: Front, report: Report, known: Known) -> None:
    before: bytes | None = front.hash
    report.last = front.seals_to
    wrong: list[tuple[bytes, _Link]] = []
    for link in _links(after=front.seals_to):
        if link.number != report.last + 1:
            _tell_gap(report, report.last + 1, link.number - 1)
            before = None
        if link.row is None:
            if not front.may_lack(link.number):
                text = _("Number %(number)d: row %(row)d was deleted.")
                report.add("row_deleted", text % {"number": link.number, "row": link.row_id})
        elif before is not None and chain.link(before, link.number, link.row) != link.hash:
            wrong.append((before, link))
        end = known.ends.get(link.number)
        if end is not None and end.hash != link.hash.hex():
            text = _("Number %(number)d: rewritten; the checkpoint of %(at)s knows another hash.")
            report.add("chain_rewritten", text % {"number": link.number, "at": _time(end.at)})
        before, report.last = link.hash, link.number
        report.rows += link.row is not None
    _tell_wrong(report, wrong)


def _links(*, after: int) -> Iterator[_Link]:
    for number, row_id, sealed, *values in stream(_LINKS, [after]):
        row = None if values[0] is None else chain.content(values)
        yield _Link(number, row_id, bytes(sealed), row)


def _tell_gap(report: Report, first: int, last: int) -> None:
    text = _("Numbers %(first)d to %(last)d are missing.")
    report.add("numbers_missing", text % {"first": first, "last": last})


def _tell_wrong(report: Report, wrong: list[tuple[bytes, _Link]]) -> None:
    """Edited, or moved: a row that is wrong in its place and right in another's."""
    candidates = [link.row for _before, link in wrong[:TOLD] if link.row is not None]
    for place, (before, link) in enumerate(wrong):
        is_moved = place < TOLD and any(
            chain.link(before, link.number, row) == link.hash for row in candidates
        )
        said = {"number": link.number, "row": link.row_id}
        if is_moved:
            text = _("Number %(number)d: row %(row)d stands in another row's place.")
            report.add("row_moved", text % said)
        else:
            text = _("Number %(number)d: row %(row)d is not what was sealed.")
            report.add("row_edited", text % said)


def _find_unsealed(report: Report, *, now: datetime) -> None:
    waiting = Unsealed.objects.filter(since__lt=now - LATE).order_by("row_id")
    for row in waiting.iterator():
        text = _("Row %(row)d waits for its seal since %(at)s: is tick running?")
        report.add("row_unsealed", text % {"row": row.row_id, "at": _time(row.since)})
    for (row_id,) in stream(_NEVER_QUEUED):
        text = _("Row %(row)d was put in past the application: it has no place in the chain.")
        report.add("row_inserted", text % {"row": row_id})


def _compare_ends(front: Front, report: Report, known: Known, *, now: datetime) -> None:
    for number in known.forked:
        text = _("Number %(number)d has two hashes: an older backup was brought back unannounced.")
        report.add("chain_forked", text % {"number": number})
    if known.last > report.last:
        text = _(
            "The database ends at number %(last)d, a checkpoint of %(at)s knows %(known)d: the end "
            "was cut off, or an older backup was brought back."
        )
        end = known.ends[known.last]
        said = {"last": report.last, "known": known.last, "at": _time(end.at)}
        report.add("end_missing", text % said)
    elif (first := max(known.last, front.seals_to) + 1) <= report.last:
        _tell_stale(report, first, now=now)
    for restore in known.restored:
        note = _("A backup was brought back by command on %(at)s, ending at number %(number)d.")
        report.notes.append(note % {"at": _time(restore.at), "number": restore.number})
    if known.lost:
        note = _("The seals that these backups did not have: %(count)d.")
        report.notes.append(note % {"count": known.lost})


def _tell_stale(report: Report, first: int, *, now: datetime) -> None:
    """Seals that no checkpoint covers though they are older than a minute."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_SEALED_AT} WHERE s.number = %s", [first])
        found = cursor.fetchone()
    if found is not None and found[0] < now - LATE:
        text = _(
            "No checkpoint covers number %(first)d of %(at)s and what follows: the file was cut "
            "or lost, or tick cannot write it."
        )
        report.add("checkpoints_end_early", text % {"first": first, "at": _time(found[0])})


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
