"""Packs: layers by day and district, what officers must still enter, and what may not go out."""

from datetime import date
from typing import Any

import msgspec
import pytest
from django.conf import settings
from django.core.checks import Tags, run_checks

from services.assistance.policy import checks, packs, rules, vocabulary
from services.assistance.policy.packs import Entered, Entry, Layer, Pack
from services.assistance.policy.rules import Text

DAY = date(2026, 11, 23)
WUXI, DEMO = packs.named("wuxi"), packs.named("demo")
ENTERED: dict[str, Any] = {
    "level": "city",
    "code": "",
    "name": "allowance_80",
    "value": 5_000,
    "since": date(2026, 1, 1),
    "until": None,
    "source": "a notice",
    "version": "entered:1",
}


def test_a_narrower_layer_counts_and_only_in_its_own_district() -> None:
    own = packs.in_force(DEMO, day=DAY, district="320299")
    elsewhere = packs.in_force(DEMO, day=DAY, district="320213")

    assert (own["allowance_90"].value, own["allowance_90"].layer) == (22_000, "district")
    assert (elsewhere["allowance_90"].value, elsewhere["allowance_90"].layer) == (20_000, "city")


def test_a_value_holds_from_its_day_to_its_last_day() -> None:
    before = packs.in_force(DEMO, day=date(2026, 6, 30), district="")
    after = packs.in_force(DEMO, day=date(2026, 7, 1), district="")

    assert [each["dibao_standard"].value for each in (before, after)] == [96_000, 100_000]


def test_what_a_narrower_layer_sets_and_nobody_knows_hides_the_wider_value() -> None:
    entry = Entry(value=1, since=date(2020, 1, 1), source="a law", confidence="high")
    name = Text("中", "en")
    pack = Pack(
        pack="test",
        title=name,
        invented=False,
        layers=(
            Layer(level="nation", name=name, parameters={"allowance_80": (entry,)}),
            Layer(
                level="city",
                name=name,
                parameters={"allowance_80": (msgspec.structs.replace(entry, value=None),)},
            ),
        ),
    )

    assert packs.in_force(pack, day=DAY, district="")["allowance_80"].value is None


def test_what_officers_entered_fills_the_gap_from_its_day_on() -> None:
    entered = [Entered(**ENTERED)]

    now = packs.in_force(WUXI, day=DAY, district="", entered=entered)
    before = packs.in_force(WUXI, day=date(2025, 12, 31), district="", entered=entered)

    assert (now["allowance_80"].value, now["allowance_80"].version) == (5_000, "entered:1")
    assert before["allowance_80"].value is None


def test_wuxi_says_what_must_still_be_entered() -> None:
    rule = rules.benefits()["old_age_allowance"].on(DAY)
    assert rule is not None
    values = packs.in_force(WUXI, day=DAY, district="320213")

    missing = [gap.name for gap in packs.gaps(checks.parameters_of(rule), values)]

    assert missing == [
        "allowance_100",
        "allowance_90",
        "allowance_80",
        "allowance_starts",
        "allowance_mode",
    ]


def test_wuxi_holds_no_value_without_a_source_and_a_confidence() -> None:
    entries = [e for layer in WUXI.layers for es in layer.parameters.values() for e in es]

    assert all(
        e.source and (e.value is None or e.confidence in {"high", "medium"}) for e in entries
    )
    assert not WUXI.invented


def test_every_pack_fits_the_words_and_rules() -> None:
    for path in packs.FOLDER.glob("*.yaml"):
        assert list(checks.faults_of_pack(packs.read(path))) == [], path.name
    assert checks.check_policy() == []


@pytest.fixture
def pack_of(settings: Any) -> Any:
    def choose(name: str) -> None:
        settings.ENV = msgspec.structs.replace(settings.ENV, policy_pack=name)

    return choose


@pytest.mark.django_db
def test_an_invented_pack_is_refused_before_it_goes_to_real_people(pack_of: Any) -> None:
    assert checks.check_invented_pack() == []

    pack_of("demo")

    found = run_checks(tags=[Tags.security], include_deployment_checks=True)
    assert "yian.E021" in {fault.id for fault in found}, "check --deploy refuses it"
    assert "yian.E021" not in {fault.id for fault in run_checks()}, "a demo may use it"


@pytest.mark.parametrize("name", ["nowhere", "../../policy/benefits/dibao"])
def test_a_pack_that_cannot_be_read_is_said_at_start(pack_of: Any, name: str) -> None:
    pack_of(name)

    assert [fault.id for fault in checks.check_policy()] == ["yian.E020"]


BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"value": "much"}, "is no money"),
    ({"value": True}, "is no money"),
    ({"confidence": ""}, "how sure"),
    ({"until": date(2019, 1, 1)}, "ends before it begins"),
]


@pytest.mark.parametrize(("change", "said"), BROKEN)
def test_what_is_wrong_with_a_pack_is_named(change: dict[str, Any], said: str) -> None:
    good = Entry(value=1, since=date(2020, 1, 1), source="a law", confidence="high")
    entry = msgspec.structs.replace(good, **change)
    layer = Layer(level="city", name=Text("中", "en"), parameters={"allowance_80": (entry,)})
    pack = Pack(pack="test", title=Text("中", "en"), invented=False, layers=(layer,))

    assert said in " ".join(checks.faults_of_pack(pack))


def test_two_values_on_a_day_are_refused() -> None:
    entry = Entry(value=1, since=date(2020, 1, 1), source="a law", confidence="high")
    later = msgspec.structs.replace(entry, since=date(2021, 1, 1))
    layer = Layer(level="city", name=Text("中", "en"), parameters={"allowance_80": (entry, later)})
    pack = Pack(pack="test", title=Text("中", "en"), invented=False, layers=(layer,))

    assert "two values on 2021-01-01" in " ".join(checks.faults_of_pack(pack))


def test_the_setting_is_wuxi_unless_somebody_says_otherwise() -> None:
    assert settings.ENV.policy_pack == "wuxi"


def test_every_word_stands_in_both_languages() -> None:
    words = vocabulary.vocabulary()
    texts = [each.words for part in (words.facts, words.parameters) for each in part.values()]

    assert all(text.zh and text.en for text in texts)
