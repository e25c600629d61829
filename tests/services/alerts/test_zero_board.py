"""The board of what waits, and the figures of a day."""

from datetime import timedelta
from typing import Any

import pytest

from backend.accounts.models import Role
from backend.core import clock
from backend.places.models import Area
from services.alerts import zero
from services.alerts.actions import raise_alert, resolve_alert
from services.alerts.models import Alert
from services.emergencies.actions import take_call
from tests.builders import NOON, a_resident, a_ringing_call, a_user, an_area, signed_in

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=25)


def page(address: str, *, area: Area) -> str:
    user = a_user(role=Role.LEAD, area=area, language="en")
    with clock.set_to(LATER):
        answer = signed_in(user).get(address, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def an_alert(kind: str = "inactivity", **fields: Any) -> Alert:
    resident = a_resident(**fields)
    return raise_alert(kind=kind, area=resident.area, resident=resident, now=NOON)


def test_all_that_waits_stands_on_one_board_by_what_is_due_first() -> None:
    area = an_area()
    an_alert("battery", area=area, name="周建国")
    an_alert("inactivity", area=area, name="陈桂英")
    a_ringing_call(resident=a_resident(area=area, name="吴秀珍"))

    html = page("/desk/zero/", area=area)

    assert html.index("吴秀珍") < html.index("陈桂英") < html.index("周建国")


def test_what_is_overdue_is_counted_and_what_is_closed_is_not() -> None:
    area = an_area()
    an_alert(area=area)
    an_alert("battery", area=area)
    closed = an_alert(area=area)
    resolve_alert(closed, by="user:1", now=NOON)

    html = page("/desk/zero/?list=alerts", area=area)

    assert "1 overdue" in html
    assert "2 things, by what is due first" in html


def test_the_board_can_be_narrowed_by_its_address() -> None:
    area = an_area()
    an_alert("battery", area=area, name="周建国")
    an_alert("inactivity", area=area, name="陈桂英")

    html = page("/desk/zero/?level=yellow", area=area)

    assert "周建国" in html
    assert "陈桂英" not in html


def test_what_is_asked_for_is_found_behind_more_than_the_board_shows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(zero, "SHOWN", 1)
    area = an_area()
    an_alert("inactivity", area=area, name="陈桂英")
    an_alert("battery", area=area, name="周建国")

    assert "More waits: what is due first stands here." in page("/desk/zero/", area=area)
    assert "周建国" in page("/desk/zero/?level=yellow", area=area)


def test_nothing_waits_is_said() -> None:
    assert "Nothing of this kind waits for anybody." in page("/desk/zero/", area=an_area())


def test_figures_count_the_day_and_say_what_they_mean() -> None:
    area = an_area()
    call = a_ringing_call(resident=a_resident(area=area))
    take_call(call, by="user:1", name="李", now=NOON + timedelta(seconds=30))
    a_ringing_call(resident=a_resident(area=area))
    a_ringing_call(resident=a_resident(area=area), now=NOON - timedelta(days=1))

    html = page("/desk/figures/?day=2026-11-23", area=area)

    assert "50.0 %" in html
    assert "Of all calls for help, how many an operator took within 60 seconds" in html


def test_a_day_that_cannot_be_read_is_today() -> None:
    assert "2026-11-24" in page("/desk/figures/?day=2026-99-99", area=an_area())
