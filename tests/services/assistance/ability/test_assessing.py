"""Two assessors: the first scores on a telephone, the second signs, and only then it is final."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from backend.accounts.actors import actor_of
from backend.accounts.models import Role
from backend.audit.models import AuditRow
from backend.people.models import Resident
from services.assistance.ability import actions
from services.assistance.ability.actions import AssessmentOpen, OwnAssessment, SignedAlready
from services.assistance.ability.forms import field_name
from services.assistance.ability.scale import scale
from services.assistance.ability.work import waiting_assessments
from services.assistance.models import AbilityAssessment
from tests.builders import NOON, a_user, reloaded, signed_in
from tests.services.assistance.cases.builders import Office

pytestmark = pytest.mark.django_db
BEST = {code: max(item.allowed) for code, item in scale().items.items()}
RADIOS = sum(len(item.options) for item in scale().items.values())


def an_assessment(office: Office) -> AbilityAssessment:
    return actions.assess(
        office.resident(),
        scores={**BEST, "B1.3": 1},
        reason="first",
        has_dementia=True,
        risk_events={"fall": 2},
        by=office.clerk.pk,
        now=NOON,
    )


def test_a_second_assessor_makes_it_final_and_signing_again_changes_nothing() -> None:
    office = Office()
    row = an_assessment(office)
    assert (row.total, row.preliminary_level, row.level, row.is_final) == (87, 1, 2, False)

    with pytest.raises(OwnAssessment):
        actions.sign(row, by=office.clerk.pk, now=NOON)
    actions.sign(row, by=office.head.pk, now=NOON)
    actions.sign(row, by=office.head.pk, now=NOON)

    assert reloaded(row).is_final
    with pytest.raises(SignedAlready):
        actions.drop(row, by=office.county.pk, now=NOON)


def test_one_waits_at_a_time_and_a_dropped_one_is_done_anew() -> None:
    office = Office()
    row = an_assessment(office)
    again: dict[str, Any] = {"scores": BEST, "reason": "first", "by": office.head.pk, "now": NOON}
    with pytest.raises(AssessmentOpen):
        actions.assess(row.resident, **again)

    actions.drop(row, by=office.head.pk, now=NOON)

    assert actions.assess(row.resident, **again).level == 0


def test_the_database_itself_refuses_totals_that_do_not_sum_and_one_assessor_twice() -> None:
    row = an_assessment(Office())
    rows = AbilityAssessment.objects.filter(pk=row.pk)

    with pytest.raises(IntegrityError, match="ability_total_sums"), transaction.atomic():
        rows.update(total=88)
    with pytest.raises(IntegrityError, match="ability_signed_by_two"), transaction.atomic():
        rows.update(signed_by=row.assessed_by_id, signed_at=NOON)


def english(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


def test_an_assessment_is_filled_on_a_telephone_and_signed_by_another() -> None:
    office = Office()
    resident = office.resident()
    first, second = (english(signed_in(user)) for user in (office.clerk, office.head))
    points = {field_name(code): str(best) for code, best in BEST.items()}

    empty = first.post(f"/care/ability/of/{resident.pk}/", {"reason": "first"})
    sent = first.post(
        f"/care/ability/of/{resident.pk}/", {**points, "b1-3": "2", "reason": "first"}
    )

    assert empty.status_code == 422
    row = AbilityAssessment.objects.get(resident=resident)
    assert sent.headers["Location"] == f"/care/ability/{row.pk}/"
    assert (row.total, row.scores["B1.3"]) == (88, 2)
    assert "A second assessor signs" in first.get(f"/care/ability/{row.pk}/").content.decode()
    second.post(f"/care/ability/{row.pk}/sign/")
    page = second.get(f"/desk/residents/{resident.pk}/ability/").content.decode()
    assert "mild loss of ability" in page


def test_each_item_shows_its_own_answers_in_both_languages() -> None:
    office = Office()
    resident = office.resident()
    browser = signed_in(office.clerk)

    chinese = browser.get(f"/care/ability/of/{resident.pk}/").content.decode()
    page = english(browser).get(f"/care/ability/of/{resident.pk}/").content.decode()

    assert chinese.count('type="radio"') == page.count('type="radio"') == RADIOS
    assert "留置导尿" in chinese
    assert "indwelling catheter" in page


def test_levels_on_the_page_of_a_resident_are_read_on_record_also_of_the_dead() -> None:
    office = Office()
    made = an_assessment(office)
    Resident.objects.filter(pk=made.resident_id).update(life_state=Resident.LifeState.DIED)

    part = signed_in(office.clerk).get(f"/desk/residents/{made.resident_id}/ability/")

    assert part.status_code == 200
    assert "/assess/" not in part.content.decode()
    read = AuditRow.objects.filter(action=AuditRow.Action.READ, resident_id=made.resident_id)
    assert ["ability"] in [each.fields for each in read]


def test_what_waits_for_a_second_signature_is_work_of_the_office_until_it_is_signed() -> None:
    office = Office()
    made = an_assessment(office)
    officer = actor_of(office.head)
    week_on = NOON + timedelta(days=8)

    waits = waiting_assessments(officer, week_on, 9)
    assert (waits.total, waits.overdue) == (1, 1)
    assert [each.reference for each in waits.items] == [made.reference]
    actions.sign(made, by=office.head.pk, now=NOON)

    assert waiting_assessments(officer, week_on, 9).total == 0


def test_an_operator_assesses_nobody() -> None:
    office = Office()
    operator = signed_in(a_user(role=Role.OPERATOR, area=office.district))

    assert operator.get(f"/care/ability/of/{office.resident().pk}/").status_code == 404
