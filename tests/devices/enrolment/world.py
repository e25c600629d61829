"""What enrolment adds to a world: one of each of its models."""

from backend.people.actions import appoint_guardian
from devices.enrolment import actions
from devices.enrolment.models import Enrolment, ImportRun
from notifications.models import Channel
from tests.builders import NOON
from tests.worlds import Cast


def fill(cast: Cast) -> None:
    """An enrolment with a checked and invited contact, a guardian's paper, a table."""
    enrolment = actions.begin_enrolment(area=cast.grid, by="user:1", now=NOON)
    enrolment.resident = cast.resident
    enrolment.step = Enrolment.Step.CONTACTS
    enrolment.save()
    actions.check_contact(cast.contact, channel=Channel.SMS, by="user:1", now=NOON)
    actions.invite_contact(cast.contact, by="user:1", now=NOON)
    appoint_guardian(
        cast.contact,
        ground="part",
        proof="kin",
        document="booklet 1",
        since=NOON.date(),
        review_on=NOON.date(),
        by="user:1",
        now=NOON,
    )
    ImportRun.objects.create(
        area=cast.grid,
        file_name="residents.csv",
        sha256="0" * 64,
        rows=0,
        to_create=0,
        to_change=0,
        unchanged=0,
        refused=0,
        read_at=NOON,
        read_by="user:1",
    )
