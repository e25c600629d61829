"""System checks: a broken pack or rule is said at start, an invented one before real people."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import msgspec
import yaml
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from services.assistance.policy import packs, rules, terms, vocabulary
from services.assistance.policy.packs import Pack
from services.assistance.policy.rules import Benefit, Version

BROKEN, INVENTED = "yian.E020", "yian.E021"


@register()
def check_policy(**_options: Any) -> list[CheckMessage]:
    """The setting names a pack, and rules, words and packs fit together."""
    try:
        faults = list(_faults())
    except (OSError, yaml.YAMLError, msgspec.ValidationError) as error:
        faults = [f"{type(error).__name__}: {error}"]
    return [
        Error(
            f"Policy: {fault}",
            hint="docs/howto/add-a-benefit.md says what a pack and a rule hold.",
            id=BROKEN,
        )
        for fault in faults
    ]


@register(Tags.security, deploy=True)
def check_invented_pack(**_options: Any) -> list[CheckMessage]:
    """Nobody is told of money that somebody invented."""
    try:
        invented = packs.current().invented
    except (OSError, yaml.YAMLError, msgspec.ValidationError):
        return []
    if not invented:
        return []
    return [
        Error(
            f"POLICY_PACK={settings.ENV.policy_pack}: its amounts are invented.",
            hint="Set POLICY_PACK to a pack whose values have sources, such as wuxi.",
            id=INVENTED,
        )
    ]


def _faults() -> Iterator[str]:
    words = vocabulary.vocabulary()
    both = words.facts.keys() & words.parameters.keys()
    yield from (f"{name} is a fact and a parameter" for name in sorted(both))
    for benefit in rules.benefits().values():
        yield from _faults_of_benefit(benefit)
    yield from faults_of_pack(packs.current())


def _faults_of_benefit(benefit: Benefit) -> Iterator[str]:
    for version in benefit.versions:
        where = f"{benefit.benefit} {version.version}"
        words = vocabulary.vocabulary()
        known = words.facts.keys() | words.parameters.keys() | version.derived.keys()
        try:
            for name in sorted(set(names_of(version)) - known):
                yield f"{where}: nobody knows what {name} is"
        except terms.BrokenRule as error:
            yield f"{where}: {error}"
        if version.mode_parameter and benefit.mode == "notify_only":
            yield f"{where}: what needs an application cannot be granted by a parameter"
        if version.amount is not None and not version.starts:
            yield f"{where}: it pays, and says not from which month"


def names_of(version: Version) -> Iterator[str]:
    """Every name that a rule speaks of.

    Raises:
        BrokenRule: a part of it cannot be read.
    """
    for criterion in version.criteria:
        terms.require_whole(criterion.when, condition=True)
        yield from terms.names_in(criterion.when)
    for term in (version.amount, *version.derived.values()):
        if term is not None:
            terms.require_whole(term, condition=False)
            yield from terms.names_in(term)
    yield from (name for name in (version.starts, version.mode_parameter) if name)


def parameters_of(version: Version) -> list[str]:
    """The parameters that a rule needs."""
    names = dict.fromkeys(names_of(version))
    return [name for name in names if name in vocabulary.parameters()]


def facts_of(version: Version) -> list[str]:
    """The facts that a rule needs."""
    names = dict.fromkeys(names_of(version))
    return [name for name in names if name in vocabulary.facts()]


def faults_of_pack(pack: Pack) -> Iterator[str]:
    """What is wrong with a pack."""
    words = vocabulary.parameters()
    for layer in pack.layers:
        if (layer.level == "district") != bool(layer.code):
            yield f"pack {pack.pack}: a district has a code, and nothing else has"
        for name, entries in layer.parameters.items():
            where = f"pack {pack.pack}, {layer.level}, {name}"
            if name not in words:
                yield f"{where}: nobody knows what it is"
                continue
            for entry in entries:
                if not words[name].holds(entry.value):
                    yield f"{where}: {entry.value!r} is no {words[name].kind}"
                if entry.value is not None and not entry.confidence:
                    yield f"{where}: how sure is it?"
                if entry.until is not None and entry.until < entry.since:
                    yield f"{where}: it ends before it begins"
            yield from _overlaps(where, [(e.since, e.until) for e in entries])


def _overlaps(where: str, spans: list[tuple[Any, Any]]) -> Iterator[str]:
    ordered = sorted(spans)
    for (_since, until), (begins, _until) in pairwise(ordered):
        if until is None or until >= begins:
            yield f"{where}: two values on {begins}"
