"""A copy of somebody's data as a FHIR R4 bundle, for hospitals and other systems.

`python -m services.rights.fhir` reads a copy (`copying`) and writes the bundle. It is a process of
its own and knows nothing of the database. What FHIR has no place for stands in the JSON only.

Source: HL7 FHIR R4 (4.0.1), resources Patient to AuditEvent; bundle type "collection".
"""

import json
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from services.rights.fhir_checks import checked
from services.rights.fhir_codes import (
    APPOINTMENTS,
    COMMUNICATIONS,
    ENCOUNTERS,
    GENDERS,
    HOME_HEALTH,
    RELATIONS,
    TASKS,
    VITALS,
)

Row = Mapping[str, Any]
Resource = dict[str, Any]
Make = Callable[[Row, Resource], Resource]


def bundle(copy: Mapping[str, Any]) -> Resource:
    """The bundle of a copy, checked.

    Raises:
        ValueError: what was made is not FHIR R4.
    """
    sections: dict[str, list[Row]] = {
        name: section["rows"] for name, section in copy["sections"].items()
    }
    resources = [_patient(sections), *_all(sections, {"reference": _url("patient", copy["about"])})]
    return checked(
        {
            "resourceType": "Bundle",
            "type": "collection",
            "timestamp": copy["made_at"],
            "entry": [_entry(each) for each in resources],
        }
    )


def _all(sections: Mapping[str, list[Row]], patient: Resource) -> Iterator[Resource]:
    for section, make in _MAKERS.items():
        for row in sections.get(section, ()):
            yield make(row, patient)
    yield from _care_team(sections, patient)
    for visit in sections.get("visits.visit", ()):
        yield _appointment(visit, patient)
        if "started_at" in visit:
            yield _encounter(visit, patient)
    for reading in sections.get("devices.reading", ()):
        if reading["metric"] in VITALS and "value" in reading:
            yield _observation(reading, patient)


def _entry(resource: Resource) -> Resource:
    return {"fullUrl": _url(resource["resourceType"].lower(), resource["id"]), "resource": resource}


def _url(kind: str, key: object) -> str:
    """A URN of a row: its own key is a UUID, or is made into one with its kind."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, f'yian:{kind}:{key}')}"


def _of(kind: str, row: Row, **content: Any) -> Resource:
    """A resource of a row, without what is not known."""
    named = {name: value for name, value in content.items() if value not in (None, "", [], {})}
    key = row.get("id") or row.get("pk")
    return {"resourceType": kind, "id": str(key), **named}


def _code(row: Row, name: str) -> str:
    value = row.get(name, "")
    return str(value["code"] if isinstance(value, dict) else value)


def _word(row: Row, name: str) -> str:
    value = row.get(name, "")
    return str(value["is"] if isinstance(value, dict) else value)


def _text(words: object) -> Resource:
    return {"text": str(words)}


def _period(start: object, end: object) -> Resource:
    return {name: value for name, value in (("start", start), ("end", end)) if value}


def _phones(*numbers: object) -> list[Resource]:
    return [{"system": "phone", "value": number} for number in numbers if number]


def _patient(sections: Mapping[str, list[Row]]) -> Resource:
    (person,) = sections["people.resident"]
    homes = sections.get("places.address", [])
    card = person.get("id_number")
    return _of(
        "Patient",
        person,
        identifier=[{"type": _text("居民身份证号码"), "value": card}] if card else [],
        active=_code(person, "life_state") not in {"moved", "died"},
        name=[{"text": person["name"]}] if person.get("name") else [],
        telecom=_phones(person.get("phone"), person.get("second_phone")),
        gender=GENDERS.get(_code(person, "sex"), "unknown"),
        birthDate=person.get("birth_date"),
        deceasedBoolean=_code(person, "life_state") == "died",
        address=[{"use": "home", "text": each["text"]} for each in homes if each.get("text")],
        communication=[{"language": {"coding": [_language(person)]}, "preferred": True}],
    )


def _language(person: Row) -> Resource:
    code = "en" if _code(person, "language") == "en" else "zh-CN"
    return {"system": "urn:ietf:bcp:47", "code": code}


def _related(row: Row, patient: Resource) -> Resource:
    role = RELATIONS.get(_code(row, "relation"))
    coded = {"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": role}
    return _of(
        "RelatedPerson",
        row,
        patient=patient,
        relationship=[{**({"coding": [coded]} if role else {}), **_text(_word(row, "relation"))}],
        name=[{"text": row["name"]}] if row.get("name") else [],
        telecom=_phones(row.get("phone")),
    )


def _care_team(sections: Mapping[str, list[Row]], patient: Resource) -> Iterator[Resource]:
    """Who came to the person, once each."""
    names = dict.fromkeys(row["caregiver"] for row in sections.get("visits.visitcarer", ()))
    if names:
        yield {
            "resourceType": "CareTeam",
            "id": "team",
            "subject": patient,
            "participant": [{"member": {"display": name}} for name in names],
        }


def _care_plan(row: Row, patient: Resource) -> Resource:
    return _of(
        "CarePlan",
        row,
        status="completed" if "ended_at" in row else "active",
        intent="plan",
        title=_word(row, "service"),
        description=row.get("instructions"),
        subject=patient,
        period=_period(row.get("starts_on"), row.get("ends_on")),
        created=row.get("created_at"),
    )


def _appointment(row: Row, patient: Resource) -> Resource:
    return _of(
        "Appointment",
        row,
        status=APPOINTMENTS[_code(row, "state")],
        description=_word(row, "service"),
        start=row["window_starts_at"],
        end=row["window_ends_at"],
        minutesDuration=row["duration_min"],
        participant=[{"actor": patient, "status": "accepted"}],
    )


def _encounter(row: Row, patient: Resource) -> Resource:
    return _of(
        "Encounter",
        {"id": f"{row['id']}"},
        status=ENCOUNTERS.get(_code(row, "state"), "unknown"),
        **{"class": HOME_HEALTH},
        subject=patient,
        appointment=[{"reference": _url("appointment", row["id"])}],
        period=_period(row["started_at"], row.get("ended_at")),
    )


def _task(row: Row, patient: Resource) -> Resource:
    return _of(
        "Task",
        row,
        status=TASKS[_code(row, "state")],
        intent="order",
        description=row["service"],
        **{"for": patient},
        authoredOn=row["ordered_at"],
        executionPeriod=_period(row["wanted_at"], row.get("done_at")),
    )


def _device(row: Row, patient: Resource) -> Resource:
    names = [{"name": row["label"], "type": "user-friendly-name"}] if row.get("label") else []
    return _of(
        "Device",
        row,
        status="active" if row.get("active") else "inactive",
        deviceName=names,
        type=_text(_word(row, "kind")),
        patient=patient,
    )


def _observation(row: Row, patient: Resource) -> Resource:
    vital = VITALS[row["metric"]]
    key = uuid.uuid5(uuid.NAMESPACE_OID, f"{row['device']}{row['metric']}{row['at']}")
    coded = {"system": "http://loinc.org", "code": vital.loinc, "display": vital.display}
    return _of(
        "Observation",
        {"id": str(key)},
        status="final",
        code={"coding": [coded]},
        subject=patient,
        device={"reference": _url("device", row["device"])},
        effectiveDateTime=row["at"],
        valueQuantity={
            "value": row["value"],
            "unit": vital.unit,
            "system": "http://unitsofmeasure.org",
            "code": vital.unit,
        },
    )


def _flag(row: Row, patient: Resource) -> Resource:
    return _of(
        "Flag",
        row,
        status="inactive" if "closed_at" in row else "active",
        code=_text(_word(row, "kind")),
        subject=patient,
        period=_period(row["raised_at"], row.get("closed_at")),
    )


def _communication(row: Row, patient: Resource) -> Resource:
    name = row.get("person_name")
    return _of(
        "Communication",
        row,
        status=COMMUNICATIONS.get(_code(row, "state"), "unknown"),
        medium=[_text(_word(row, "channel"))],
        subject=patient,
        topic=_text(row["template"]),
        recipient=[{"display": name}] if name else [],
        sent=row.get("final_at"),
    )


def _consent(row: Row, patient: Resource) -> Resource:
    scope = "http://terminology.hl7.org/CodeSystem/consentscope"
    return _of(
        "Consent",
        row,
        status="inactive" if "withdrawn_at" in row else "active",
        scope={"coding": [{"system": scope, "code": "patient-privacy"}]},
        category=[_text(_word(row, "item"))],
        patient=patient,
        dateTime=row["given_at"],
        policyRule=_text("《中华人民共和国个人信息保护法》第十三条至第十六条"),
        provision={
            "type": "permit",
            "period": _period(row["given_at"], row.get("withdrawn_at")),
            "purpose": [{"system": "urn:yian:purpose", "code": _code(row, "item")}],
        },
    )


def _audit(row: Row, patient: Resource) -> Resource:
    events = "http://terminology.hl7.org/CodeSystem/audit-event-type"
    return _of(
        "AuditEvent",
        row,
        type={"system": events, "code": "rest", "display": _word(row, "action")},
        recorded=row["at"],
        agent=[{"who": {"display": str(row["actor"])}, "requestor": True}],
        source={"observer": {"display": "Yian 颐安"}},
        entity=[{"what": patient}],
    )


_MAKERS: Mapping[str, Make] = {
    "people.contact": _related,
    "people.consent": _consent,
    "visits.careplan": _care_plan,
    "community.order": _task,
    "devices.device": _device,
    "alerts.alert": _flag,
    "notifications.delivery": _communication,
    "audit.auditrow": _audit,
}


def main() -> None:
    """From a copy on the standard input to a bundle on the standard output."""
    made = bundle(json.load(sys.stdin))
    json.dump(made, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
