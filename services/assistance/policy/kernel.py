"""The kernel: a rule, facts and parameters give a judgement with every reason. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from services.assistance.policy import terms
from services.assistance.policy.answers import Answer, all_of
from services.assistance.policy.knowledge import Fact, Knowledge, Parameter
from services.assistance.policy.rules import Criterion, Version


@dataclass(frozen=True)
class Finding:
    """What came of one criterion: the value, the limit, the article, and what it rests on."""

    code: str
    answer: Answer
    article: str
    unit: str
    left: int | None
    right: int | None
    facts: tuple[Fact, ...]
    parameters: tuple[Parameter, ...]
    missing: tuple[str, ...]
    """Names of what is not known; empty where the answer stands all the same."""


@dataclass(frozen=True)
class Judgement:
    """What the rules say of somebody on a day."""

    benefit: str
    version: str
    day: date
    answer: Answer
    amount_fen: int | None
    """A month; None where nothing is computed, with the reason in `amount_missing`."""
    findings: tuple[Finding, ...]
    amount_missing: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """Everything that is not known and would be needed, each once."""
        names = [name for finding in self.findings for name in finding.missing]
        return tuple(dict.fromkeys([*names, *self.amount_missing]))


def judge(benefit: str, rule: Version, knowledge: Knowledge, *, day: date) -> Judgement:
    """Judge by a rule. Missing facts and parameters make it unknown, and are listed."""
    known = replace(knowledge, derived=rule.derived)
    findings = tuple(_find(each, known) for each in rule.criteria)
    answer = all_of(finding.answer for finding in findings)
    amount = terms.number(rule.amount, known) if rule.amount is not None else None
    may_be_paid = answer is not Answer.NO and rule.amount is not None
    return Judgement(
        benefit=benefit,
        version=rule.version,
        day=day,
        answer=answer,
        amount_fen=amount if answer is Answer.YES else None,
        findings=findings,
        amount_missing=_once(terms.lacking(rule.amount, known)) if may_be_paid else (),
    )


def _find(criterion: Criterion, known: Knowledge) -> Finding:
    answer = terms.answer(criterion.when, known)
    sides = terms.sides_of(criterion.when)
    left, right = (terms.number(side, known) for side in sides) if sides else (None, None)
    names = _once(terms.names_in(criterion.when, known))
    return Finding(
        code=criterion.code,
        answer=answer,
        article=criterion.article,
        unit=criterion.unit,
        left=left,
        right=right,
        facts=tuple(known.facts[name] for name in names if name in known.facts),
        parameters=tuple(known.parameters[name] for name in names if name in known.parameters),
        missing=_once(terms.lacking(criterion.when, known)) if answer is Answer.UNKNOWN else (),
    )


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
