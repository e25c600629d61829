"""Our words and FHIR's.

Source: HL7 FHIR R4 (4.0.1) value sets; v3-RoleCode; LOINC 8867-4, 59408-5, 8310-5, 8480-6, 8462-4;
UCUM.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Vital:
    """What a reading is called elsewhere."""

    loinc: str
    display: str
    unit: str


GENDERS = {"female": "female", "male": "male"}
RELATIONS = {
    "daughter": "DAUC",
    "son": "SONC",
    "spouse": "SPS",
    "sibling": "SIB",
    "relative": "EXT",
    "neighbour": "NBOR",
    "friend": "FRND",
    "guardian": "GUARD",
}
APPOINTMENTS = {
    "planned": "pending",
    "assigned": "booked",
    "in_progress": "arrived",
    "done": "fulfilled",
    "missed": "noshow",
    "cancelled": "cancelled",
}
ENCOUNTERS = {"in_progress": "in-progress", "done": "finished", "cancelled": "cancelled"}
HOME_HEALTH = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
    "code": "HH",
    "display": "home health",
}
TASKS = {
    "ordered": "requested",
    "passed_on": "received",
    "taken": "accepted",
    "on_the_way": "in-progress",
    "done": "completed",
    "cancelled": "cancelled",
}
COMMUNICATIONS = {
    "owed": "preparation",
    "sending": "in-progress",
    "sent": "completed",
    "answered": "completed",
    "replied": "completed",
    "failed": "not-done",
    "expired": "not-done",
    "stopped": "stopped",
}
VITALS: Mapping[str, Vital] = {
    "heart_rate_bpm": Vital("8867-4", "Heart rate", "/min"),
    "spo2_percent": Vital("59408-5", "Oxygen saturation by pulse oximetry", "%"),
    "body_temperature_celsius": Vital("8310-5", "Body temperature", "Cel"),
    "systolic_mmhg": Vital("8480-6", "Systolic blood pressure", "mm[Hg]"),
    "diastolic_mmhg": Vital("8462-4", "Diastolic blood pressure", "mm[Hg]"),
}

LONGER: Mapping[tuple[str, str], frozenset[str]] = {
    ("Task", "status"): frozenset({"in-progress", "completed", "cancelled"}),
    ("Encounter", "status"): frozenset({"entered-in-error", "unknown"}),
}
"""Codes we use beyond where `fhir.resources` cuts a value set short with a "+"."""
