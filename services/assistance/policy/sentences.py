"""Judgements in plain sentences: one for the person, one for staff with its article."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from services.assistance.policy.answers import Answer
from services.assistance.policy.kernel import Finding, Judgement
from services.assistance.policy.knowledge import APPLICATION, OWN_RECORD
from services.assistance.policy.rules import Benefit, Criterion, Text, Version
from services.assistance.policy.vocabulary import money, named, word_of, written

BETWEEN = "、"
"""Between names of articles, which are Chinese in every language."""
ARTICLES = "；"
"""Between the articles of one criterion."""


@dataclass(frozen=True)
class Line:
    """One criterion as staff read it."""

    code: str
    answer: Answer
    text: str
    article: str
    value: str
    limit: str
    rests_on: tuple[str, ...]
    """Each fact with value, source and day; each parameter with value, version and source."""
    missing: tuple[str, ...]


def for_citizen(judgement: Judgement, benefit: Benefit, rule: Version, language: str) -> str:
    """One sentence for the person: yes, no with the first reason, or what is missing."""
    name = benefit.name.said(language)
    with override(language):
        match judgement.answer:
            case Answer.NO:
                return _("%(benefit)s: %(reason)s") % {
                    "benefit": name,
                    "reason": _first_no(judgement, rule, language),
                }
            case Answer.UNKNOWN:
                return _("%(benefit)s: we cannot say yet. We still need: %(missing)s.") % {
                    "benefit": name,
                    "missing": _names(judgement.missing, language),
                }
        if judgement.amount_fen is not None:
            return _("%(benefit)s: you meet the conditions, %(amount)s a month.") % {
                "benefit": name,
                "amount": money(judgement.amount_fen),
            }
        if judgement.amount_missing:
            return _(
                "%(benefit)s: you meet the conditions. The amount is not entered here yet."
            ) % {"benefit": name}
        return _("%(benefit)s: you meet the conditions.") % {"benefit": name}


def for_staff(judgement: Judgement, benefit: Benefit, rule: Version, language: str) -> str:
    """One sentence for staff, with the articles it stands on."""
    with override(language):
        articles = BETWEEN.join(dict.fromkeys(_deciding(judgement)))
        words = {
            "benefit": benefit.name.said(language),
            "articles": articles or rule.basis,
            "day": judgement.day.isoformat(),
            "version": judgement.version,
            "missing": _names(judgement.missing, language),
        }
        match judgement.answer:
            case Answer.YES:
                return (
                    _(
                        "%(benefit)s: all conditions are met on %(day)s (%(articles)s; rule of "
                        "%(version)s)."
                    )
                    % words
                )
            case Answer.NO:
                return (
                    _(
                        "%(benefit)s: a condition is not met on %(day)s (%(articles)s; rule of "
                        "%(version)s)."
                    )
                    % words
                )
        return (
            _(
                "%(benefit)s: not known on %(day)s, missing: %(missing)s (%(articles)s; rule of "
                "%(version)s)."
            )
            % words
        )


def lines_of(judgement: Judgement, rule: Version, language: str) -> list[Line]:
    """Each criterion with value, limit, article and what it rests on."""
    criteria = {each.code: each for each in rule.criteria}
    with override(language):
        return [_line(each, criteria[each.code], language) for each in judgement.findings]


def _line(finding: Finding, criterion: Criterion, language: str) -> Line:
    sides = (finding.left, finding.right)
    left, right = ("" if side is None else written(side, finding.unit) for side in sides)
    unknown = _("not known")
    return Line(
        code=finding.code,
        answer=finding.answer,
        text=criterion.staff.said(language).format(left=left or unknown, right=right or unknown),
        article=finding.article,
        value=left,
        limit=right,
        rests_on=tuple(_sources(finding, language)),
        missing=tuple(named(name, language) for name in finding.missing),
    )


def _sources(finding: Finding, language: str) -> list[str]:
    facts = [
        _("%(name)s %(value)s (%(source)s, %(day)s)")
        % {
            "name": named(fact.name, language),
            "value": word_of(fact.name).shown(fact.value, language),
            "source": _source(fact.source),
            "day": fact.as_of.isoformat() if fact.as_of else _("day not known"),
        }
        for fact in finding.facts
        if fact.value is not None
    ]
    parameters = [
        _("%(name)s %(value)s (%(source)s; %(version)s)")
        % {
            "name": named(each.name, language),
            "value": word_of(each.name).shown(each.value, language),
            "source": each.source,
            "version": each.version,
        }
        for each in finding.parameters
        if each.value is not None
    ]
    return facts + parameters


def _source(source: str) -> str:
    """Where a fact comes from: our own records in words, other sources as they were entered."""
    ours = {OWN_RECORD: _("our own record"), APPLICATION: _("the application")}
    return ours.get(source, source)


def _deciding(judgement: Judgement) -> list[str]:
    """Articles of the criteria that make the answer what it is."""
    rested_on = [each.article for each in judgement.findings if each.answer is judgement.answer]
    return [article for each in rested_on for article in each.split(ARTICLES)]


def _first_no(judgement: Judgement, rule: Version, language: str) -> str:
    said = {each.code: each.citizen for each in rule.criteria}
    refused = (each for each in judgement.findings if each.answer is Answer.NO)
    words: Text = said[next(refused).code].unmet
    return words.said(language)


def _names(names: tuple[str, ...], language: str) -> str:
    with override(language):
        return pgettext("between things in a list", ", ").join(
            named(name, language) for name in names
        )
