"""Every write about opened records and questions."""

from services.trust.actions.asking import answer_question, ask_why, climb_questions
from services.trust.actions.opening import (
    close_opening,
    end_openings,
    find_and_open,
    note_reading,
    open_record,
    review_opening,
)

__all__ = [
    "answer_question",
    "ask_why",
    "climb_questions",
    "close_opening",
    "end_openings",
    "find_and_open",
    "note_reading",
    "open_record",
    "review_opening",
]
