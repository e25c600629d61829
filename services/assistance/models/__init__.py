"""Tables of assistance, one module an idea."""

from services.assistance.models.calendar import Holiday, HolidayYear
from services.assistance.models.cases import (
    AssistanceCase,
    CaseDocument,
    CaseEvent,
    CaseNote,
    Deadline,
    DeadlineStep,
    HomeVisit,
    Letter,
    Opinion,
    PublicNotice,
    Serial,
    StaffRelative,
    VisitStaff,
)

__all__ = [
    "AssistanceCase",
    "CaseDocument",
    "CaseEvent",
    "CaseNote",
    "Deadline",
    "DeadlineStep",
    "Holiday",
    "HolidayYear",
    "HomeVisit",
    "Letter",
    "Opinion",
    "PublicNotice",
    "Serial",
    "StaffRelative",
    "VisitStaff",
]
