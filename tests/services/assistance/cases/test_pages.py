"""The pages: each state has its next thing, and everybody sees what is theirs and no more."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from backend.core import clock
from backend.people.models import Consent
from services.assistance.cases import actions
from services.assistance.models import AssistanceCase, Letter
from tests.builders import (
    NOON,
    a_contact,
    a_family_account,
    a_resident_account,
    reloaded,
    signed_in,
)
from tests.services.assistance.cases.builders import (
    REFUSAL,
    Office,
    a_case,
    a_case_before_the_county,
    a_checked_case,
    a_decided_case,
    a_granted_case,
    a_noticed_case,
    a_refused_case,
    a_visited_case,
    an_accepted_case,
    as_doer,
)

pytestmark = pytest.mark.django_db

Make = Callable[[Office], AssistanceCase]
STATES: list[tuple[Make, str]] = [
    (a_case, "receive-paper"),
    (an_accepted_case, "record-data"),
    (a_checked_case, "plan-visit"),
    (a_visited_case, "propose"),
    (a_noticed_case, "object"),
    (a_case_before_the_county, "confirm"),
    (a_decided_case, "issue-letter"),
    (a_granted_case, "propose"),
    (a_refused_case, "appeal"),
]


def english(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


@pytest.mark.parametrize(("make", "act"), STATES)
def test_each_state_shows_what_is_next(make: Make, act: str) -> None:
    office = Office()
    case = make(office)

    page = signed_in(office.county).get(f"/desk/cases/{case.pk}/").content.decode()

    assert f"/desk/cases/{case.pk}/{act}/" in page


def test_the_list_stands_by_what_is_due_first_and_filters_by_address() -> None:
    office = Office()
    late = an_accepted_case(office, now=NOON - timedelta(days=10))
    fresh = an_accepted_case(office)
    browser = signed_in(office.clerk)

    with clock.set_to(NOON):
        everything = browser.get("/desk/cases/").content.decode()
        overdue = browser.get("/desk/cases/?clock=overdue").content.decode()
        climbing = browser.get("/desk/cases/overdue/").content.decode()

    assert everything.index(late.number) < everything.index(fresh.number)
    assert late.number in overdue
    assert fresh.number not in overdue
    assert str(late.pk) in climbing
    assert str(fresh.pk) not in climbing


def test_an_application_is_entered_at_the_counter_and_goes_to_the_letter_by_two_officers() -> None:
    office = Office()
    resident = office.resident()
    clerk, county = signed_in(office.clerk), signed_in(office.county)
    answer = clerk.post(
        "/desk/cases/new/",
        {"resident": resident.pk, "benefit": "dibao", "household_size": 1, "is_unstable": "on"},
    )
    case = AssistanceCase.objects.get(resident=resident)
    assert answer.headers["Location"] == f"/desk/cases/{case.pk}/"

    def does(browser: Client, act: str, **data: object) -> None:
        sent = browser.post(f"/desk/cases/{case.pk}/{act}/", data)
        assert sent.status_code == 302, (act, sent.content.decode())

    for kind in ("application", "authorisation", "income_statement"):
        does(clerk, "receive-paper", kind=kind)
    does(clerk, "accept")
    does(county, "record-data", conforms="yes")
    does(
        clerk,
        "plan-visit",
        staff=[str(office.clerk.pk), str(office.head.pk)],
        planned_at="2026-11-24T14:00",
        way="home",
    )
    visit = case.home_visits.get()
    filled = {"household_size": 1, "findings": "一人居住", "household_signed_by": "陈桂英"}
    clerk.post(f"/care/home-visits/{visit.pk}/fill/", filled)
    for browser in (clerk, signed_in(office.head)):
        browser.post(f"/care/home-visits/{visit.pk}/sign/", {})
    does(clerk, "propose", kind="grant", household_size=1, amount="612.50")
    actions.end_notice(reloaded(case), now=clock.now())
    does(county, "confirm")
    does(county, "issue-letter")

    case = reloaded(case)
    assert (case.state, case.amount_fen, case.review_months) == ("in_force", 61_250, 6)


def test_what_cannot_be_done_stays_as_it_was_written_with_the_reason() -> None:
    office = Office()
    case = a_visited_case(office)
    browser = english(signed_in(office.clerk))

    answer = browser.post(
        f"/desk/cases/{case.pk}/propose/",
        {"kind": "refuse", "household_size": 3, "note": "写了很久的话"},
    )

    assert answer.status_code == 409
    assert "写了很久的话" in answer.content.decode()
    assert "Name at least one ground" in answer.content.decode()


def test_who_proposed_it_is_told_that_a_colleague_confirms() -> None:
    office = Office()
    case = a_case_before_the_county(office, by=as_doer(office.county))

    page = english(signed_in(office.county)).get(f"/desk/cases/{case.pk}/").content.decode()

    assert "a colleague must confirm it" in page
    assert f"/desk/cases/{case.pk}/confirm/" not in page


def test_a_public_notice_shows_three_things_and_is_gone_when_it_is_over() -> None:
    case = a_noticed_case(Office())
    anybody = english(Client())

    with clock.set_to(NOON + timedelta(days=1)):
        page = anybody.get("/notices/").content.decode()
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", page)
    assert cells == [case.resident.name, "1", "¥600"]
    assert "subsistence" not in page
    assert str(case.pk) not in page

    with clock.set_to(datetime(2026, 11, 30, 16, 0, tzinfo=UTC)):
        page = anybody.get("/notices/").content.decode()
    assert case.resident.name not in page, "over, although nobody took it down"


def test_a_letter_is_printed_for_its_reader_and_checked_by_anybody() -> None:
    office = Office()
    case = a_refused_case(office)
    letter = Letter.objects.get(case=case)
    applicant = a_resident_account(case.resident)

    page = signed_in(applicant).get(f"/my-cases/letters/{letter.pk}/").content.decode()
    assert letter.number in page
    assert "社会救助暂行办法第九条" in page
    other = signed_in(a_resident_account())
    assert other.get(f"/my-cases/letters/{letter.pk}/").status_code == 404

    anybody = english(Client())
    genuine = anybody.get(f"/letters/{letter.code}/").content.decode()
    assert "Yes, genuine" in genuine
    assert case.resident.name not in genuine
    assert letter.number not in genuine
    assert "No, we know" in anybody.get("/letters/AAAA-BBBB-CCCC/").content.decode()


def test_a_letter_that_was_changed_is_not_genuine() -> None:
    office = Office()
    case = a_granted_case(office)
    letter = Letter.objects.get(case=case)

    case.opinions.update(amount_fen=999_999)

    page = english(Client()).get(f"/letters/{letter.code}/").content.decode()
    assert "No, we know" in page


def test_a_resident_applies_follows_and_takes_back() -> None:
    office = Office()
    resident = office.resident()
    own = english(signed_in(a_resident_account(resident)))

    own.post(
        "/my-cases/apply/",
        {"benefit": "dibao", "household_size": 1, "permits_data_checks": "on"},
    )
    case = AssistanceCase.objects.get(resident=resident)
    assert (case.channel, case.authorised_by) == ("resident", f"resident:{resident.pk}")
    assert "We look through the papers." in own.get("/my-cases/now/").content.decode()
    actions.list_missing(case, by=as_doer(office.clerk), now=NOON)
    assert "statement of income" in own.get(f"/my-cases/{case.pk}/").content.decode()

    own.post(f"/my-cases/{case.pk}/withdraw/")

    assert reloaded(case).state == "withdrawn"


def test_a_refused_resident_appeals_and_the_county_decides() -> None:
    office = Office()
    case = a_case_before_the_county(office, opinion=REFUSAL)
    case = actions.confirm(case, by=as_doer(office.county), now=NOON)
    actions.issue_letter(case, by=as_doer(office.county), now=NOON)
    own = signed_in(a_resident_account(case.resident))

    own.post(f"/my-cases/{case.pk}/appeal/", {"note": "算错了"})
    assert reloaded(case).state == "appeal"
    assert case.deadlines.filter(kind="appeal", stopped_at=None).exists()

    signed_in(office.director).post(
        f"/desk/cases/{case.pk}/decide-appeal/", {"outcome": "anew", "note": "收入重新核"}
    )
    assert reloaded(case).state == "checking"


def test_family_sees_and_applies_only_while_the_resident_shares_it() -> None:
    office = Office()
    case = a_noticed_case(office)
    daughter = english(signed_in(a_family_account(a_contact(resident=case.resident))))
    card = f"/family/{case.resident_id}/cases/"

    assert "not shared" in daughter.get(card).content.decode()
    assert daughter.get(f"/my-cases/{case.pk}/").status_code == 404
    refused = daughter.post(
        f"/family/{case.resident_id}/apply/", {"benefit": "tekun", "household_size": 1}
    )
    assert refused.status_code == 422

    Consent.objects.create(
        resident=case.resident,
        item=Consent.Item.ASSISTANCE,
        purpose="benefits",
        given_by=f"resident:{case.resident_id}",
        given_at=NOON,
        recorded_by="user:1",
    )

    assert "Public notice until 30 November." in daughter.get(card).content.decode()
    assert daughter.get(f"/my-cases/{case.pk}/").status_code == 200
    daughter.post(f"/family/{case.resident_id}/apply/", {"benefit": "tekun", "household_size": 1})
    assert AssistanceCase.objects.get(benefit="tekun").channel == "family"


def test_the_holiday_table_is_edited_and_warns_before_its_end() -> None:
    office = Office()
    case = an_accepted_case(office)
    browser = english(signed_in(office.county))

    with clock.set_to(NOON):
        assert "Known until 2026-12-31" in browser.get("/desk/holidays/").content.decode()
        assert "only weekends" in browser.get("/desk/cases/").content.decode()
        browser.post(
            "/desk/holidays/add/", {"date": "2027-01-01", "name": "元旦", "source": "通知"}
        )

    assert case.deadlines.get(kind="whole").ends_on.isoformat() == "2027-01-05"


def test_what_waits_stands_on_the_board_of_all_that_waits() -> None:
    office = Office()
    case = an_accepted_case(office)

    page = signed_in(office.clerk).get("/desk/zero/?list=cases").content.decode()

    assert f"/desk/cases/{case.pk}/" in page
