"""The kernel: exact, three-valued, and every answer with its reasons."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from services.assistance.policy import rules, snapshots
from services.assistance.policy.answers import Answer
from services.assistance.policy.kernel import judge
from services.assistance.policy.knowledge import Knowledge
from services.assistance.policy.terms import BrokenRule, answer, number, require_whole
from tests.services.assistance.policy.builders import DAY, demo_parameters, judged, known

EXAMPLES = yaml.safe_load(
    Path(__file__).with_name("worked_examples.yaml").read_text(encoding="utf-8")
)
NOTHING = {"business_income": 0, "property_income": 0, "transfers": 0, "deductions": 0}


def household(example: dict[str, Any]) -> dict[str, Any]:
    return {
        **NOTHING,
        "wages": example["income"],
        "central_basic_pension": example.get("pension", 0),
        "household_size": example["size"],
        "property_within_limits": True,
    }


@pytest.mark.parametrize("example", EXAMPLES["dibao"], ids=str)
def test_subsistence_as_in_the_worked_examples(example: dict[str, Any]) -> None:
    parameters = demo_parameters(edge_inclusive=example.get("inclusive", False))

    said = judged("dibao", household(example), parameters)
    edge = judged("dibao_edge", household(example), parameters)

    assert said.answer == (Answer.YES if example["met"] else Answer.NO)
    assert said.amount_fen == example.get("amount")
    assert (edge.answer is Answer.YES) == example.get("edge", False)


@pytest.mark.parametrize("example", EXAMPLES["disability_living"], ids=str)
def test_the_living_subsidy_as_in_the_worked_examples(example: dict[str, Any]) -> None:
    nobody = dict.fromkeys(
        (
            "in_dibao_household",
            "severely_disabled",
            "several_disabled",
            "in_extreme_poverty_support",
            "gets_work_injury_nursing",
        ),
        False,
    )
    base = {"disability_certificate": True, "local_register": True, "alive": True}

    said = judged("disability_living", {**nobody, **base, **example["facts"]})

    assert (said.answer, said.amount_fen) == (Answer.YES, example["amount"])


@given(
    st.integers(-3, 3) | st.integers(-(10**13), 10**13),
    st.integers(1, 12),
    st.integers(1, 10**9),
)
def test_a_limit_is_compared_exactly_and_without_dividing(
    apart: int, size: int, standard: int
) -> None:
    income = max(0, standard * size + apart)
    facts = household({"income": income, "size": size})

    said = judged("dibao", facts, demo_parameters(dibao_standard=standard))

    assert (said.answer is Answer.YES) == (income < standard * size)
    assert said.amount_fen == (standard * size - income if income < standard * size else None)


def test_what_is_missing_is_listed_and_never_no() -> None:
    said = judged("old_age_allowance", {"age": 85, "alive": True})

    assert (said.answer, said.amount_fen, said.missing) == (
        Answer.UNKNOWN,
        None,
        ("local_register",),
    )


def test_one_condition_that_is_not_met_is_no_whatever_else_is_unknown() -> None:
    said = judged("old_age_allowance", {"age": 79})

    assert said.answer is Answer.NO
    assert [each.code for each in said.findings if each.answer is Answer.NO] == ["age"]


def test_without_a_parameter_no_amount_is_computed_and_only_the_one_that_is_needed_is_asked() -> (
    None
):
    facts = {"age": 85, "alive": True, "local_register": True}

    said = judged("old_age_allowance", facts, demo_parameters(allowance_80=None, allowance_90=None))

    assert (said.answer, said.amount_fen) == (Answer.YES, None)
    assert said.amount_missing == ("allowance_80",)


def test_a_standard_nobody_knows_makes_subsistence_unknown() -> None:
    facts = household({"income": 0, "size": 1})

    said = judged("dibao", facts, demo_parameters(dibao_standard=None))

    assert (said.answer, said.missing) == (Answer.UNKNOWN, ("dibao_standard",))


def test_a_rule_nobody_knows_of_matters_only_where_it_makes_a_difference() -> None:
    unclear = demo_parameters(central_pension_counts=None)

    without = judged("dibao", household({"income": 0, "size": 1}), unclear)
    with_pension = judged("dibao", household({"income": 0, "size": 1, "pension": 1}), unclear)

    assert without.answer is Answer.YES
    assert with_pension.missing == ("central_pension_counts",)


def test_each_finding_names_value_limit_article_parameter_source_and_day() -> None:
    said = judged("dibao", household({"income": 150_000, "size": 3}))

    income = said.findings[0]
    assert (income.left, income.right) == (150_000, 300_000)
    assert income.article == "社会救助暂行办法第九条"
    assert {(fact.source, fact.as_of) for fact in income.facts} == {("a paper", DAY)}
    standard = next(each for each in income.parameters if each.name == "dibao_standard")
    assert (standard.version, standard.source) == ("v1", "a law")


def test_every_refusal_rests_on_an_article() -> None:
    for benefit in rules.benefits().values():
        for version in benefit.versions:
            assert all(criterion.article for criterion in version.criteria), benefit.benefit


def test_a_snapshot_says_the_same_when_rules_and_parameters_have_changed() -> None:
    rule = rules.benefits()["dibao"].on(DAY)
    assert rule is not None
    knowledge = known(household({"income": 150_000, "size": 3}), demo_parameters())
    said = judge("dibao", rule, knowledge, day=DAY)
    text = snapshots.canonical(snapshots.content_of(said, rule, knowledge, pack="demo"))

    recalled = snapshots.recall(text)

    assert recalled.judgement == said
    assert recalled.rule == rule
    assert snapshots.hash_of(text) != snapshots.hash_of(text.replace("150000", "150001"))


def test_a_rule_is_not_in_force_before_or_after_its_days() -> None:
    living = rules.benefits()["disability_living"]

    assert living.on(date(2023, 3, 31)) is None
    assert living.on(date(2028, 3, 31)) is not None
    assert living.on(date(2028, 4, 1)) is None


EMPTY = Knowledge({}, {})


@pytest.mark.parametrize(
    "node", [{"divide": [1, 2]}, {"below": [1]}, {"times": [1], "plus": [2]}, ["age"], {}]
)
def test_a_rule_that_cannot_be_read_is_refused(node: Any) -> None:
    with pytest.raises(BrokenRule):
        require_whole(node, condition=True)


def test_percent_rounds_half_a_fen_up_and_nothing_times_the_unknown_is_nothing() -> None:
    assert number({"percent": [25, 10_002]}, EMPTY) == 2_501
    assert number({"times": [0, "unheard_of"]}, EMPTY) == 0
    assert answer({"any": ["unheard_of", {"equal": [1, 1]}]}, EMPTY) is Answer.YES
    assert answer({"not": "unheard_of"}, EMPTY) is Answer.UNKNOWN
