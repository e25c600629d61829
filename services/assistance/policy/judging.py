"""Judging residents and cases by the rules in force, and keeping a judgement with a decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from backend.people.models import Resident
from services.assistance.models import AssistanceCase, Ruling
from services.assistance.policy import gathering, packs, rules, snapshots
from services.assistance.policy.answers import Answer
from services.assistance.policy.errors import NoRule
from services.assistance.policy.kernel import Judgement, judge
from services.assistance.policy.knowledge import APPLICATION, Fact, Knowledge, Parameter
from services.assistance.policy.rules import Benefit, Version


@dataclass(frozen=True)
class Judged:
    """A judgement with the benefit, the rule and all that is known."""

    benefit: Benefit
    rule: Version
    knowledge: Knowledge
    judgement: Judgement

    @property
    def mode(self) -> str:
        """How it reaches people here: as the place says, else as the benefit does."""
        chosen = (
            self.knowledge.value(self.rule.mode_parameter) if self.rule.mode_parameter else None
        )
        return str(chosen or self.benefit.mode)

    @property
    def is_payable(self) -> bool:
        """Whether the conditions are met and the amount and first month can be computed."""
        first = self.knowledge.value(self.rule.starts) if self.rule.starts else None
        is_met = self.judgement.answer is Answer.YES
        return is_met and bool(self.judgement.amount_fen) and first is not None


def judge_by(
    name: str, *, day: date, facts: Mapping[str, Fact], parameters: Mapping[str, Parameter]
) -> Judged:
    """Judge for one benefit.

    Raises:
        NoRule: no rule of this benefit is in force on the day.
    """
    benefit = rules.benefits().get(name)
    rule = benefit.on(day) if benefit else None
    if benefit is None or rule is None:
        raise NoRule
    knowledge = Knowledge(facts, parameters)
    return Judged(benefit, rule, knowledge, judge(name, rule, knowledge, day=day))


def judge_resident(resident: Resident, name: str, *, day: date) -> Judged:
    """Judge one resident for one benefit.

    Raises:
        NoRule: no rule of this benefit is in force on the day.
    """
    return judge_by(
        name,
        day=day,
        facts=gathering.facts_of([resident], day=day)[resident.pk],
        parameters=gathering.parameters_of(resident.area, day=day),
    )


def judge_all(resident: Resident, *, day: date) -> list[Judged]:
    """Judge one resident for every benefit that has a rule on the day."""
    facts = gathering.facts_of([resident], day=day)[resident.pk]
    parameters = gathering.parameters_of(resident.area, day=day)
    return [
        judge_by(name, day=day, facts=facts, parameters=parameters)
        for name, benefit in rules.benefits().items()
        if benefit.on(day)
    ]


def judge_case(case: AssistanceCase, *, day: date) -> Judged:
    """Judge a case: what is known of the applicant, and how many the application names.

    Raises:
        NoRule: no rule of its benefit is in force on the day.
    """
    facts = gathering.facts_of([case.resident], day=day)[case.resident_id]
    size = Fact("household_size", case.household_size, APPLICATION, day)
    return judge_by(
        case.benefit,
        day=day,
        facts={"household_size": size, **facts},
        parameters=gathering.parameters_of(case.area, day=day),
    )


def keep_ruling(resident: Resident, judged: Judged, *, now: datetime) -> Ruling:
    """Keep a judgement with all that it rests on, for the decision it is made for."""
    content = snapshots.canonical(
        snapshots.content_of(
            judged.judgement, judged.rule, judged.knowledge, pack=packs.current().pack
        )
    )
    return Ruling.objects.create(
        resident=resident,
        benefit=judged.benefit.benefit,
        day=judged.judgement.day,
        answer=judged.judgement.answer,
        amount_fen=judged.judgement.amount_fen,
        content=content,
        hash=snapshots.hash_of(content),
        made_at=now,
    )
