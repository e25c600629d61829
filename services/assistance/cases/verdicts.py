"""The port of verdicts: what the rules say of a case. The rules register themselves.

Without rules, or with facts missing, the verdict is unknown and never no (DESIGN, invariant 11).
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise

from services.assistance.models.cases import AssistanceCase
from services.assistance.policy.answers import Answer


@dataclass(frozen=True)
class Reason:
    """One criterion: what was asked, what is known, and the article."""

    text: str | Promise
    answer: Answer
    value: str = ""
    limit: str = ""
    article: str = ""
    source: str = ""


@dataclass(frozen=True)
class Verdict:
    """What the rules say on a day."""

    answer: Answer
    amount_fen: int | None = None
    reasons: tuple[Reason, ...] = ()
    rules: str = ""
    """The version of the rules."""

    def snapshot(self) -> dict[str, Any]:
        """As kept with an opinion."""
        kept = asdict(self)
        for reason in kept["reasons"]:
            reason["text"] = str(reason["text"])
        return kept


Judge = Callable[[AssistanceCase, date], Verdict]

_judges: list[Judge] = []


def register(judge: Judge) -> None:
    """Let the rules judge cases.

    Raises:
        ValueError: others judge already.
    """
    if _judges and _judges[0] is not judge:
        raise ValueError("two judges of cases")
    _judges[:] = [judge]


def verdict_on(case: AssistanceCase, day: date) -> Verdict:
    """What the rules say of a case."""
    return _judges[0](case, day) if _judges else Verdict(Answer.UNKNOWN)
