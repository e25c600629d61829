"""Findings of the tools, and those that are accepted, each with a written reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import yaml

ACCEPTED = Path(__file__).with_name("accepted.yaml")


@dataclass(frozen=True, order=True)
class Finding:
    """What a tool found: `rule` names the kind, `where` the file or door."""

    tool: str
    rule: str
    where: str
    what: str = ""

    def __str__(self) -> str:
        return f"{self.tool} {self.rule} {self.where} {self.what}".strip()


@dataclass(frozen=True)
class Acceptance:
    """Findings that stay, and why. `where` may hold `*`."""

    tool: str
    rule: str
    where: str
    reason: str

    def covers(self, finding: Finding) -> bool:
        """Whether the reason holds for a finding."""
        same = (self.tool, self.rule) == (finding.tool, finding.rule)
        return same and fnmatchcase(finding.where, self.where)


@dataclass(frozen=True)
class Verdict:
    """What is left to mend, what is accepted for which reason, and reasons nobody needs."""

    open: Sequence[Finding]
    accepted: Sequence[tuple[Acceptance, int]]
    stale: Sequence[Acceptance]


def acceptances(path: Path = ACCEPTED) -> list[Acceptance]:
    """The accepted findings.

    Raises:
        ValueError: one has no reason.
    """
    found = [Acceptance(**entry) for entry in yaml.safe_load(path.read_text("utf-8"))]
    for each in found:
        if len(each.reason.split()) < 4:
            raise ValueError(f"accepted without a reason: {each}")
    return found


def judge(
    findings: Iterable[Finding], accepted: Sequence[Acceptance], *, tools: Iterable[str]
) -> Verdict:
    """Sort the findings of these tools; a reason of theirs that covers nothing is stale."""
    counts = dict.fromkeys(accepted, 0)
    left = []
    for finding in sorted(set(findings)):
        covering = next((each for each in accepted if each.covers(finding)), None)
        if covering is None:
            left.append(finding)
        else:
            counts[covering] += 1
    ran = set(tools)
    return Verdict(
        open=left,
        accepted=[(each, count) for each, count in counts.items() if count],
        stale=[each for each, count in counts.items() if not count and each.tool in ran],
    )
