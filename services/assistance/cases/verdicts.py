"""The port of verdicts: what the rules say of a case. The rules register themselves.

Without rules, or with facts missing, the verdict is unknown and never no (DESIGN, invariant 11).
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
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
    sentence: str = ""
    """For staff, with articles."""
    missing: tuple[str, ...] = ()
    """What would have to be known, in words."""

    def snapshot(self) -> dict[str, Any]:
        """As kept with an opinion."""
        kept = asdict(self)
        for reason in kept["reasons"]:
            reason["text"] = str(reason["text"])
        return kept


Judge = Callable[[AssistanceCase, date], Verdict]
Keep = Callable[[AssistanceCase, datetime], dict[str, Any]]
"""Judges a case and keeps all that it rests on; what it returns stands with the opinion."""

_judges: list[Judge] = []
_keepers: list[Keep] = []


def register(judge: Judge, *, keep: Keep | None = None) -> None:
    """Let the rules judge cases.

    Raises:
        ValueError: others judge already.
    """
    if _judges and _judges[0] is not judge:
        raise ValueError("two judges of cases")
    _judges[:] = [judge]
    _keepers[:] = [keep] if keep else []


def verdict_on(case: AssistanceCase, day: date) -> Verdict:
    """What the rules say of a case."""
    return _judges[0](case, day) if _judges else Verdict(Answer.UNKNOWN)


def kept_verdict_on(case: AssistanceCase, *, now: datetime) -> dict[str, Any]:
    """What the rules say of a case, as it is kept with an opinion."""
    if _keepers:
        return _keepers[0](case, now)
    return verdict_on(case, timezone.localdate(now)).snapshot()
