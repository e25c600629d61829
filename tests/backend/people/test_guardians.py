"""A guardian decides by a ground and a paper that two have looked at, until its last day."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from backend.audit.models import AuditRow
from backend.core.errors import Invalid
from backend.people.actions import (
    appoint_guardian,
    end_expired_guardianships,
    end_guardianship,
    review_guardian,
    verify_guardian,
)
from backend.people.errors import GuardianshipOver, SamePersonLooksTwice
from backend.people.models import Contact, Guardianship
from backend.people.queries import guardian_of, is_guardian_of
from tests.builders import NOON, a_contact, a_guardian, a_guardianship, reloaded

pytestmark = pytest.mark.django_db

TODAY = NOON.date()
DAY = timedelta(days=1)


def appointed(contact: Contact, **fields: object) -> Guardianship:
    said = {
        "ground": "part",
        "proof": "appointed",
        "document": "居委会指定书 3",
        "issued_by": "居委会",
        "since": TODAY,
        "review_on": TODAY + 365 * DAY,
    }
    return appoint_guardian(contact, **{**said, **fields}, by="user:1", now=NOON)  # type: ignore[arg-type]


def decides(contact: Contact, today: date = TODAY) -> bool:
    return is_guardian_of(contact, contact.resident, today=today)


def test_a_mark_without_a_paper_decides_nothing() -> None:
    assert not decides(a_contact(is_guardian=True))


def test_who_wrote_it_down_does_not_look_a_second_time_not_even_in_the_database() -> None:
    paper = appointed(a_contact())

    with pytest.raises(SamePersonLooksTwice):
        verify_guardian(paper, by="user:1", now=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Guardianship.objects.filter(pk=paper.pk).update(verified_at=NOON, verified_by="user:1")
    assert not decides(paper.contact)


def test_after_the_second_look_they_decide_and_it_is_in_the_audit() -> None:
    paper = appointed(a_contact())
    verify_guardian(paper, by="user:2", now=NOON)

    assert decides(paper.contact)
    assert reloaded(paper.contact).is_guardian
    assert AuditRow.objects.filter(actor="user:2", subject=f"guardianship:{paper.pk}").exists()


@pytest.mark.parametrize(("days", "may"), [(-1, False), (0, True), (30, True), (31, False)])
def test_it_holds_from_its_first_to_its_last_day(days: int, may: bool) -> None:
    contact = a_contact()
    a_guardianship(contact, since=TODAY, ends_on=TODAY + 30 * DAY)
    assert decides(contact, TODAY + days * DAY) is may


def test_its_end_is_written_down_by_itself() -> None:
    guardian = a_guardian()
    guardian.guardianships.update(ends_on=TODAY)

    assert end_expired_guardianships(now=NOON) == 0
    assert end_expired_guardianships(now=NOON + DAY) == 1

    assert not reloaded(guardian).is_guardian
    assert guardian.guardianships.get().ended_by == "system:guardianship"


def test_who_decided_before_decides_nothing_once_it_is_ended() -> None:
    guardian = a_guardian()
    end_guardianship(guardian, by="user:1", now=NOON)
    assert guardian_of(guardian.resident, today=TODAY) is None
    with pytest.raises(GuardianshipOver):
        review_guardian(guardian.guardianships.get(), review_on=TODAY + DAY, by="user:1", now=NOON)


def test_a_review_names_the_next_day_ahead() -> None:
    paper = a_guardian().guardianships.get()
    with pytest.raises(Invalid):
        review_guardian(paper, review_on=TODAY, by="user:1", now=NOON)
    assert review_guardian(paper, review_on=TODAY + DAY, by="u", now=NOON).review_on == TODAY + DAY


@pytest.mark.parametrize(
    "wrong", [{"ground": ""}, {"ground": "old"}, {"proof": "?"}, {"document": " "}]
)
def test_without_ground_proof_or_paper_nobody_is_appointed(wrong: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        appointed(a_contact(), **wrong)
