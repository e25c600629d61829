"""Three values: what is not known is never no (DESIGN, invariant 11)."""

from collections.abc import Iterable
from enum import StrEnum


class Answer(StrEnum):
    """Yes, no, or not known."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def negated(answer: Answer) -> Answer:
    """The opposite; unknown stays unknown."""
    return {Answer.YES: Answer.NO, Answer.NO: Answer.YES}.get(answer, answer)


def all_of(answers: Iterable[Answer]) -> Answer:
    """Yes if all are; no as soon as one is, whatever else is unknown."""
    given = set(answers)
    if Answer.NO in given:
        return Answer.NO
    return Answer.UNKNOWN if Answer.UNKNOWN in given else Answer.YES


def any_of(answers: Iterable[Answer]) -> Answer:
    """Yes as soon as one is, whatever else is unknown; no if all are no."""
    given = set(answers)
    if Answer.YES in given:
        return Answer.YES
    return Answer.UNKNOWN if Answer.UNKNOWN in given else Answer.NO


def known(value: bool | None) -> Answer:
    """A value that may be missing."""
    if value is None:
        return Answer.UNKNOWN
    return Answer.YES if value else Answer.NO
