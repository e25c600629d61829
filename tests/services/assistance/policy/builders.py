"""Facts and parameters the tests speak of."""

from datetime import date
from typing import Any

from services.assistance.policy import packs, rules
from services.assistance.policy.kernel import Judgement, judge
from services.assistance.policy.knowledge import Fact, Knowledge, Known, Parameter

DAY = date(2026, 11, 23)


def known(facts: dict[str, Known | None], parameters: dict[str, Known | None]) -> Knowledge:
    """What is known: facts of a day, parameters of a nation."""
    return Knowledge(
        {name: Fact(name, value, "a paper", DAY) for name, value in facts.items()},
        {
            name: Parameter(name, value, "nation", date(2020, 1, 1), source="a law", version="v1")
            for name, value in parameters.items()
        },
    )


def demo_parameters(*, day: date = DAY, district: str = "", **changes: Any) -> dict[str, Any]:
    """The demo pack's values on a day, with changes."""
    values = packs.in_force(packs.named("demo"), day=day, district=district)
    return {**{name: each.value for name, each in values.items()}, **changes}


def judged(
    benefit: str,
    facts: dict[str, Any],
    parameters: dict[str, Any] | None = None,
    *,
    day: date = DAY,
) -> Judgement:
    """What the rules say."""
    rule = rules.benefits()[benefit].on(day)
    assert rule is not None
    knowledge = known(facts, demo_parameters() if parameters is None else parameters)
    return judge(benefit, rule, knowledge, day=day)
