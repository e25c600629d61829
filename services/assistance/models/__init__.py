"""Tables of assistance, one module an idea."""

from services.assistance.models.ability import AbilityAssessment, AbilityLevel
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
from services.assistance.models.offers import BenefitOffer, Entitlement
from services.assistance.models.policy import EnteredParameter, KnownFact, Ruling, Screening

__all__ = [
    "AbilityAssessment",
    "AbilityLevel",
    "AssistanceCase",
    "BenefitOffer",
    "CaseDocument",
    "CaseEvent",
    "CaseNote",
    "Deadline",
    "DeadlineStep",
    "EnteredParameter",
    "Entitlement",
    "Holiday",
    "HolidayYear",
    "HomeVisit",
    "KnownFact",
    "Letter",
    "Opinion",
    "PublicNotice",
    "Ruling",
    "Screening",
    "Serial",
    "StaffRelative",
    "VisitStaff",
]
