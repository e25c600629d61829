"""Rules on pages: what is missing is listed and entered by two, and a case shows its verdict."""

import json
from datetime import date
from io import StringIO
from typing import Any

import msgspec
import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from backend.core import clock
from services.assistance.cases.verdicts import verdict_on
from services.assistance.models import (
    AssistanceCase,
    EnteredParameter,
    KnownFact,
    Opinion,
    Ruling,
)
from services.assistance.policy import gathering, rules, screening, sentences
from services.assistance.policy.actions import enter_parameter, record_facts
from services.assistance.policy.answers import Answer
from services.assistance.policy.judging import judge_resident
from tests.builders import NOON, a_resident_account, api_of, reloaded, signed_in
from tests.services.assistance.cases.builders import (
    Office,
    a_granted_case,
    a_noticed_case,
    an_accepted_case,
)
from tests.services.assistance.offers.builders import an_elder
from tests.services.assistance.policy.builders import judged

pytestmark = pytest.mark.django_db
BY_ITS_WAY = "without application, investigation and confirmation"
WRONG_FACTS: dict[str, Any] = {
    "wages": "much",
    "transfers": -1,
    "alive": True,
    "disability_kind": ["limb"],
    "unheard_of": [1],
}
INCOME = {
    "wages": "500",
    "business_income": "0",
    "property_income": "0",
    "transfers": "0",
    "central_basic_pension": "0",
    "deductions": "0",
    "property_within_limits": "yes",
}


@pytest.fixture
def known_amounts(settings: Any) -> None:
    """The demo's amounts."""
    settings.ENV = msgspec.structs.replace(settings.ENV, policy_pack="demo")


def english(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


def test_wuxi_lists_what_must_be_entered_and_a_second_officer_lets_it_count() -> None:
    office = Office()
    clerk, county = english(signed_in(office.clerk)), english(signed_in(office.county))

    page = clerk.get("/desk/policy/").content.decode()
    assert "5 values must still be entered" in page
    sent = {"name": "allowance_80", "value": "50", "level": "city", "since": "2026-01-01"}
    assert clerk.post("/desk/policy/enter/", sent).status_code == 422, "no source"
    clerk.post("/desk/policy/enter/", {**sent, "source": "锡民规〔2026〕0号"})
    row = EnteredParameter.objects.get()
    assert clerk.post(f"/desk/policy/{row.pk}/confirm/").status_code == 409
    assert gathering.entered_parameters() == []
    county.post(f"/desk/policy/{row.pk}/confirm/")

    assert "4 values must still be entered" in clerk.get("/desk/policy/").content.decode()
    assert reloaded(row).value == 5_000


def test_the_database_itself_refuses_one_officer_for_a_value() -> None:
    office = Office()
    row = enter_parameter(
        name="allowance_80",
        level="city",
        value=5_000,
        since=date(2026, 1, 1),
        source="a notice",
        by=office.clerk.pk,
        now=NOON,
    )

    with pytest.raises(IntegrityError, match="their_own_parameter"):
        EnteredParameter.objects.filter(pk=row.pk).update(confirmed_by=office.clerk.pk)


def test_the_command_lists_the_gaps_and_fails_while_there_are_any() -> None:
    out = StringIO()

    with pytest.raises(SystemExit):
        call_command("policy_gaps", stdout=out)

    assert "allowance_80\t高龄津贴 80—89岁每月\tcity" in out.getvalue()
    assert "dibao_standard" in out.getvalue()


def test_the_data_check_shows_what_the_rules_say_and_what_is_missing() -> None:
    office = Office()
    case = an_accepted_case(office)

    page = english(signed_in(office.county)).get(f"/desk/cases/{case.pk}/").content.decode()

    assert "The rules only advise; you decide." in page
    assert "Still to be found out:" in page
    assert "wages less necessary work costs" in page


@pytest.mark.usefixtures("known_amounts")
def test_facts_entered_at_a_case_make_its_verdict_with_value_limit_and_article() -> None:
    office = Office()
    case = an_accepted_case(office)
    browser = english(signed_in(office.clerk))
    address = f"/desk/residents/{case.resident_id}/facts/"
    sent = {**INCOME, "source": "数据核对", "as_of": "2026-11-20"}

    refused = browser.post(address, {**INCOME, "benefit": "dibao"})
    answer = browser.post(address, {**sent, "benefit": "dibao", "case": str(case.pk)})

    assert refused.status_code == 422
    assert answer.headers["Location"] == f"/desk/cases/{case.pk}/"
    said = verdict_on(case, NOON.date())
    assert (said.answer, said.amount_fen) == ("yes", 50_000)
    page = browser.get(f"/desk/cases/{case.pk}/").content.decode()
    assert "¥500 a month, to be below standard times persons ¥1,000" in page
    assert "社会救助暂行办法第九条" in page
    assert "wages less necessary work costs ¥500 (数据核对, 2026-11-20)" in page


@pytest.mark.usefixtures("known_amounts")
def test_an_opinion_keeps_the_ruling_and_it_is_explained_later() -> None:
    office = Office()
    case = a_noticed_case(office)
    kept = Opinion.objects.get(case=case).verdict

    record_facts(case.resident, {"wages": 1}, source="later", as_of=NOON.date(), by=None, now=NOON)
    page = english(signed_in(office.clerk)).get(f"/desk/rulings/{kept['ruling']}/")

    assert (kept["answer"], set(kept)) == (
        "unknown",
        {"answer", "amount_fen", "rules", "ruling", "hash"},
    )
    assert "as it was kept" in page.content.decode()
    ruling = Ruling.objects.get(pk=kept["ruling"])
    Ruling.objects.filter(pk=ruling.pk).update(content=ruling.content.replace("demo", "omed"))
    page = english(signed_in(office.clerk)).get(f"/desk/rulings/{kept['ruling']}/")
    assert "changed since it was kept" in page.content.decode()


def test_subsistence_is_in_force_only_by_its_way_whoever_writes_it() -> None:
    office = Office()
    granted = a_granted_case(office)
    assert granted.entitled_from is not None, "the whole way is allowed"
    case = an_accepted_case(office)

    granted_at_once = {
        "state": "in_force",
        "decided_at": NOON,
        "entitled_from": date(2026, 12, 1),
    }
    with pytest.raises(IntegrityError, match=BY_ITS_WAY), transaction.atomic():
        AssistanceCase.objects.filter(pk=case.pk).update(**granted_at_once)
    granted.home_visits.all().delete()
    with pytest.raises(IntegrityError, match=BY_ITS_WAY), transaction.atomic():
        AssistanceCase.objects.filter(pk=granted.pk).update(state="review")


def test_facts_are_kept_beside_each_other_and_the_newest_day_counts() -> None:
    resident = Office().resident()
    for day, value in ((20, True), (10, False)):
        record_facts(
            resident,
            {"local_register": value},
            source="a paper",
            as_of=date(2026, 11, day),
            by=None,
            now=NOON,
        )

    found = gathering.facts_of([resident], day=NOON.date())[resident.pk]["local_register"]
    before = gathering.facts_of([resident], day=date(2026, 11, 12))[resident.pk]["local_register"]

    assert (found.value, before.value) == (True, False)
    assert json.loads(KnownFact.objects.order_by("pk")[0].value) is True


@pytest.mark.usefixtures("known_amounts")
def test_screening_counts_unknown_apart_and_looks_again_when_a_fact_comes() -> None:
    office = Office()
    elder = office.resident(birth_date=date(1940, 1, 1))
    office.resident(birth_date=date(1960, 1, 1))
    screening.list_new(now=NOON)
    assert screening.run_due(now=NOON) == 8
    browser = english(signed_in(office.clerk))

    page = browser.get("/desk/policy/").content.decode()
    row = page[page.index("old-age allowance</th>") :][:200]
    assert [int(n) for n in row.split('figures">')[1:4] for n in [n[0]]] == [0, 1, 1]

    record_facts(
        elder, {"local_register": True}, source="a paper", as_of=NOON.date(), by=None, now=NOON
    )
    assert screening.run_due(now=NOON) == 4
    assert elder.screenings.get(benefit="old_age_allowance").answer == "yes"


@pytest.mark.usefixtures("known_amounts")
def test_single_and_screening_say_the_same() -> None:
    elder = an_elder(age=91)
    screening.list_new(now=NOON)
    screening.run_due(now=NOON)

    for row in elder.screenings.all():
        said = judge_resident(elder, row.benefit, day=NOON.date()).judgement
        assert (row.answer, row.amount_fen, row.missing) == (
            said.answer,
            said.amount_fen,
            list(said.missing),
        )


@pytest.mark.usefixtures("known_amounts")
def test_a_resident_reads_what_they_could_get_in_plain_sentences() -> None:
    elder = an_elder(age=91)
    own = signed_in(a_resident_account(elder))

    chinese = own.get("/my-benefits/").content.decode()
    page = english(own).get("/my-benefits/").content.decode()

    assert "高龄津贴：您符合条件，每月200 元。" in chinese
    assert "old-age allowance: you meet the conditions, ¥200 a month." in page
    assert "we cannot say yet. We still need:" in page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_answer_has_a_sentence_for_citizens_and_one_for_staff(language: str) -> None:
    day = date(2026, 11, 23)
    for name, benefit in rules.benefits().items():
        rule = benefit.on(day)
        assert rule is not None
        for facts in ({}, {"age": 20, "property_within_limits": False}):
            said = judged(name, facts)
            citizen = sentences.for_citizen(said, benefit, rule, language)
            staff = sentences.for_staff(said, benefit, rule, language)
            assert "{" not in citizen + staff
            assert benefit.name.said(language) in citizen
            if said.answer is Answer.NO:
                assert any(c.article in staff for c in rule.criteria)
            assert all(line.article for line in sentences.lines_of(said, rule, language))


def test_facts_of_another_office_come_in_at_the_api_and_wrong_ones_are_named() -> None:
    office = Office()
    resident = office.resident()
    program, elsewhere = api_of(office.clerk), api_of(Office().clerk)
    sent = {"resident": str(resident.pk), "source": "残联", "as_of": "2026-11-01"}
    facts = {"disability_certificate": True, "disability_kind": "limb"}

    with clock.set_to(NOON):
        kept = program.post("/api/v1/known-facts/", {**sent, "facts": facts})
        wrong = program.post("/api/v1/known-facts/", {**sent, "facts": WRONG_FACTS})
        other = elsewhere.post("/api/v1/known-facts/", {**sent, "facts": facts})

    assert (kept.status_code, kept.json()) == (201, {"recorded": 2})
    assert (wrong.status_code, set(wrong.json()["fields"])) == (422, set(WRONG_FACTS))
    assert other.status_code == 422
    assert KnownFact.objects.count() == 2
