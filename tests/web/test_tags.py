"""Times, phone numbers and statuses as pages show them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import translation

from backend.web.templatetags import web

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def drawn(source: str, **context: object) -> str:
    return Template("{% load web %}" + source).render(Context(context))


def test_the_clock_shows_the_readers_zone() -> None:
    assert web.clock_time(NOON) == "12:00"


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (NOON, "today 12:00"),
        (NOON - timedelta(hours=13), "yesterday 23:00"),
        (NOON + timedelta(hours=13), "tomorrow 01:00"),
        (NOON - timedelta(days=3), "20 November 12:00"),
        (NOON - timedelta(days=365), "23 November 2025 12:00"),
    ],
)
def test_a_moment_is_told_as_people_say_it(moment: datetime, text: str) -> None:
    with translation.override("en"):
        assert f">{text}</time>" in web.day_and_time(moment, NOON)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 seconds ago"),
        (1, "1 second ago"),
        (59, "59 seconds ago"),
        (60, "1 minute ago"),
        (3599, "59 minutes ago"),
        (7200, "2 hours ago"),
        (-90, "in 1 minute"),
        (86_400 * 3, "3 days ago"),
    ],
)
def test_an_age_has_one_unit(seconds: float, text: str) -> None:
    with translation.override("en"):
        assert web.relative_text(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(7, "0:07"), (187, "3:07"), (7_387, "2:03:07"), (-61, "1:01")]
)
def test_a_counting_clock_shows_figures(seconds: float, text: str) -> None:
    assert web.clock_text(seconds) == text


def test_an_age_carries_what_the_browser_needs_to_go_on_counting() -> None:
    page = drawn("{% age since now %}", since=NOON - timedelta(seconds=5), now=NOON)
    assert 'datetime="2026-11-23T03:59:55+00:00"' in page
    assert 'data-ticking="clock"' in page


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("+8613812345678", "138 1234 5678"),
        ("13812345678", "138 1234 5678"),
        ("+8651088881234", "0510-8888 1234"),
        ("051088881234", "0510-8888 1234"),
        ("+861088881234", "010-8888 1234"),
        ("+862188881234", "021-8888 1234"),
        ("05165551234", "0516-555 1234"),
        ("120", "120"),
        ("12345", "12345"),
        ("+447911123456", "+4479 1112 3456"),
    ],
)
def test_a_phone_number_is_grouped_as_it_is_read_aloud(number: str, text: str) -> None:
    assert web.phone_grouped(number) == text


def test_a_status_speaks_by_shape_and_word_not_by_colour_alone() -> None:
    page = drawn('{% status "overdue" "too late" %}')
    assert "▲" in page
    assert "too late" in page


def test_an_unknown_kind_of_status_is_a_mistake_in_the_template() -> None:
    with pytest.raises(KeyError):
        drawn('{% status "purple" "?" %}')


@pytest.mark.parametrize(("code", "tag"), [("zh-hans", "zh-Hans"), ("en", "en")])
def test_a_language_is_named_as_html_wants_it(code: str, tag: str) -> None:
    assert web.language_tag(code) == tag
