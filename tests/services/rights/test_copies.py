"""A copy of one's data: asked, approved, prepared, fetched; complete, and nothing of others."""

import json
from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import ForeignKey, Model
from fhirpathpy import evaluate

from backend.accounts.actors import actor_of
from backend.audit.models import AuditRow
from backend.core.holding import holdings, not_about
from backend.people.models import Consent, Resident
from notifications.models import Delivery
from services.community.doers import Doer
from services.rights import actions, work
from services.rights.actions import preparing
from services.rights.copying import pieces, withheld
from services.rights.errors import CopyEnded
from services.rights.fhir import bundle
from services.rights.fhir_checks import checked
from services.rights.models import RightsRequest
from tests.builders import NOON, a_contact, a_device, a_phone, a_resident, reloaded
from tests.devices.routine.world import said
from tests.services.rights.builders import a_request, an_officer
from tests.services.wellbeing.builders import a_reminder
from tests.worlds import our_models

pytestmark = pytest.mark.django_db

State = RightsRequest.State
FETCHER = Doer("user:1")
INVARIANTS = {
    "Bundle": [
        "entry.search.empty()",
        "entry.all(resource.exists())",
        "entry.where(fullUrl.contains('/_history/')).empty()",
        "entry.select(fullUrl).isDistinct()",
    ],
    "Patient": ["contact.all(name.exists() or telecom.exists())"],
    "Appointment": [
        "start.exists() = end.exists()",
        "participant.all(type.exists() or actor.exists())",
    ],
    "Observation": ["dataAbsentReason.empty() or value.empty()", "code.exists()"],
    "Consent": ["policy.exists() or policyRule.exists()", "patient.exists()"],
    "Task": ["lastModified.empty() or authoredOn.empty() or lastModified >= authoredOn"],
}
"""Source: FHIR R4: bdl-1, bdl-3, bdl-7, bdl-8; pat-1; app-1, app-3; obs-6; ppc-1, ppc-4; inv-1."""


def prepared(resident: Resident) -> RightsRequest:
    """A request of a resident whose copy is there."""
    request = a_request(resident=resident)
    actions.approve(request, officer=an_officer(resident), now=NOON)
    actions.prepare_due(now=NOON)
    return reloaded(request)


def somebody() -> Resident:
    """A resident with a contact, a consent, a watch, and a reading of it."""
    resident = a_resident(phone=a_phone(), birth_date=date(1940, 5, 1), conditions="高血压")
    a_contact(resident=resident, name="王丽", phone="+8613800001234")
    Consent.objects.create(
        resident=resident,
        item=Consent.Item.HEALTH,
        purpose="health",
        given_by=f"resident:{resident.pk}",
        given_at=NOON,
        recorded_by="user:1",
    )
    watch = a_device(resident=resident, kind="watch")
    said(watch, "heart_rate_bpm", 71, NOON)
    return resident


def test_a_copy_is_asked_approved_prepared_and_fetched_within_its_week() -> None:
    resident = somebody()
    request = prepared(resident)

    file = actions.fetch(request, form="json", by=FETCHER, now=NOON)

    copy = json.loads(file)
    (person,) = copy["sections"]["people.resident"]["rows"]
    assert (person["name"], person["conditions"]) == ("陈桂英", "高血压")
    (contact,) = copy["sections"]["people.contact"]["rows"]
    assert contact["name"] == "王丽"
    assert "13800001234" not in file.decode()
    (reading,) = copy["sections"]["devices.reading"]["rows"]
    assert reading["value"] == 71.0
    assert request.state == State.DONE
    told = Delivery.objects.get(cause=request.reference, template="rights_copy_ready")
    assert told.address == resident.phone
    assert AuditRow.objects.filter(subject=request.reference, fields=["copy"]).count() == 1
    assert "陈桂英" not in request.copies.extra(select={"raw": "content"}).values_list("raw")[0][0]
    with pytest.raises(CopyEnded):
        actions.fetch(request, form="json", by=FETCHER, now=NOON + timedelta(days=7))
    assert actions.forget_copies(now=NOON + timedelta(days=7)) == 2


def test_the_times_of_a_reminder_stand_in_the_copy() -> None:
    resident = somebody()
    a_reminder(resident=resident, times=[time(8, 0), time(20, 30)])

    request = prepared(resident)

    file = json.loads(actions.fetch(request, form="json", by=FETCHER, now=NOON))
    (reminder,) = file["sections"]["wellbeing.reminder"]["rows"]
    assert reminder["times"] == ["08:00:00", "20:30:00"]


def test_the_bundle_is_fhir_r4_with_codes_and_invariants_kept() -> None:
    request = prepared(somebody())

    made = json.loads(actions.fetch(request, form="fhir", by=FETCHER, now=NOON))

    resources = [each["resource"] for each in made["entry"]]
    kinds = {each["resourceType"] for each in resources}
    assert {"Patient", "RelatedPerson", "Consent", "Device", "Observation", "AuditEvent"} <= kinds
    for resource in [made, *resources]:
        for rule in INVARIANTS.get(resource["resourceType"], []):
            assert evaluate(resource, rule) in ([True], []), (resource["resourceType"], rule)


def a_copy(**sections: list[dict[str, object]]) -> dict[str, object]:
    """A copy as `copying` makes it, of these sections by their names with one underscore."""
    person: dict[str, object] = {"id": "p", "name": "陈桂英", "sex": {"code": "female", "is": "女"}}
    rows = {"people.resident": [person]}
    rows |= {name.replace("_", ".", 1): found for name, found in sections.items()}
    return {
        "made_at": NOON.isoformat(),
        "about": "p",
        "sections": {name: {"rows": found} for name, found in rows.items()},
    }


def test_visits_plans_orders_alerts_and_messages_have_their_resources() -> None:
    at = NOON.isoformat()
    visit = {
        "id": "v",
        "state": {"code": "done", "is": "done"},
        "service": {"code": "meals", "is": "meals"},
        "window_starts_at": at,
        "window_ends_at": at,
        "duration_min": 30,
        "started_at": at,
    }
    made = bundle(
        a_copy(
            visits_visit=[visit],
            visits_visitcarer=[{"caregiver": "王敏"}],
            visits_careplan=[{"id": "c", "service": {"code": "meals", "is": "meals"}}],
            community_order=[
                {
                    "id": "o",
                    "state": {"code": "done", "is": "done"},
                    "service": "午餐",
                    "ordered_at": at,
                    "wanted_at": at,
                }
            ],
            alerts_alert=[{"id": "a", "kind": {"code": "water", "is": "water"}, "raised_at": at}],
            notifications_delivery=[
                {
                    "id": "d",
                    "channel": {"code": "sms", "is": "text"},
                    "state": {"code": "sent", "is": "sent"},
                    "template": "x",
                }
            ],
        )
    )

    kinds = [each["resource"]["resourceType"] for each in made["entry"]]
    assert set(kinds) == {
        "Patient",
        "CarePlan",
        "Task",
        "Flag",
        "Communication",
        "CareTeam",
        "Appointment",
        "Encounter",
    }


def test_a_code_outside_of_its_value_set_is_found_though_the_library_takes_it() -> None:
    wrong = {"resourceType": "Patient", "id": "p", "gender": "woman"}

    with pytest.raises(ValueError, match=r"Patient\.gender"):
        checked(
            {
                "resourceType": "Bundle",
                "type": "collection",
                "entry": [{"fullUrl": "urn:uuid:1", "resource": wrong}],
            }
        )


def leading_to_residents() -> set[type[Model]]:
    """Every model of ours from which a way of keys leads to a resident, or that bears their key."""
    models = [*our_models(), *_joining()]
    found: set[type[Model]] = {Resident}
    while new := {model for model in models if model not in found and _leads(model, found)}:
        found |= new
    return found


def _joining() -> Iterator[type[Model]]:
    for model in our_models():
        for field in model._meta.many_to_many:
            if field.remote_field.through is not None:
                yield field.remote_field.through


def _leads(model: type[Model], found: set[type[Model]]) -> bool:
    fields = model._meta.concrete_fields
    keys = (field.related_model for field in fields if isinstance(field, ForeignKey))
    return any(key in found for key in keys) or any(f.name == "resident_id" for f in fields)


def test_every_model_that_leads_to_a_person_is_given_out_or_says_why_not() -> None:
    said = {holding.model for holding in holdings()} | set(not_about())

    silent = {model._meta.label for model in leading_to_residents()} - said

    assert silent == set()


def test_every_field_is_given_out_or_says_why_not_and_none_is_invented() -> None:
    for holding in holdings():
        names = {field.name for field in holding.model_class._meta.concrete_fields}
        assert {*holding.left_out, *holding.shown, *holding.emptied} <= names, holding.model
        assert all(withheld(holding).values()), holding.model


def test_whatever_a_district_knows_of_somebody_can_be_copied(demo_district: Path) -> None:
    elder = json.loads(demo_district.read_text("utf-8"))["stories"]["elder"]["resident"]
    for resident in [Resident.objects.get(pk=elder), *Resident.objects.order_by("pk")[:3]]:
        json.loads("".join(pieces(resident, now=NOON)))


def test_a_copy_that_fails_waits_on_the_desk_and_keeps_no_other_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken, whole = a_request(resident=somebody()), a_request(resident=somebody())
    officer = an_officer(broken.resident)
    for request in (broken, whole):
        actions.approve(request, officer=officer, now=NOON)

    def fails_for_one(resident: Resident, **options: Any) -> Iterator[str]:
        if resident == broken.resident:
            raise TypeError
        return pieces(resident, **options)

    monkeypatch.setattr(preparing, "pieces", fails_for_one)
    assert actions.prepare_due(now=NOON) == 1
    assert actions.prepare_due(now=NOON) == 0

    assert reloaded(whole).state == State.DONE
    waiting = work.open_requests(actor_of(officer), NOON, 10)
    assert [each.reference for each in waiting.items] == [broken.reference]
    assert [each.event for each in broken.events.all()].count("not_prepared") == 1

    monkeypatch.undo()
    later = NOON + preparing.AGAIN_AFTER
    assert actions.prepare_due(now=later) == 1
    assert work.open_requests(actor_of(officer), later, 10).total == 0
