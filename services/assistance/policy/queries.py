"""Rulings and gaps as their viewers may see them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from backend.accounts.actors import Actor
from backend.accounts.queries import residents_condition
from backend.core.errors import NotFound
from services.assistance.models import Ruling
from services.assistance.policy import checks, gathering, packs, rules, vocabulary
from services.assistance.policy.knowledge import Parameter
from services.assistance.policy.packs import Gap
from services.assistance.policy.rules import Benefit, Version


@dataclass(frozen=True)
class Setting:
    """A parameter of a rule as the page shows it: its value, or that it must be entered."""

    name: str
    words: str
    shown: str
    parameter: Parameter | None


@dataclass(frozen=True)
class Law:
    """A benefit with its rule of a day and the values it needs."""

    benefit: Benefit
    name: str
    rule: Version
    settings: list[Setting]

    @property
    def missing(self) -> list[Setting]:
        """What officers must still enter."""
        return [each for each in self.settings if not each.shown]


def laws_on(day: date, *, district: str, language: str) -> list[Law]:
    """Every benefit in force on a day, with the values in a district."""
    values = packs.in_force(
        packs.current(), day=day, district=district, entered=gathering.entered_parameters()
    )
    found = []
    for benefit in rules.benefits().values():
        rule = benefit.on(day)
        if rule is not None:
            settings = [
                _setting(name, values.get(name), language) for name in checks.parameters_of(rule)
            ]
            found.append(Law(benefit, benefit.name.said(language), rule, settings))
    return found


def _setting(name: str, parameter: Parameter | None, language: str) -> Setting:
    word = vocabulary.parameters()[name]
    value = parameter.value if parameter else None
    return Setting(name, word.words.said(language), word.shown(value, language), parameter)


def gaps_on(day: date, *, district: str) -> list[Gap]:
    """Every parameter that a rule needs and nobody has entered, each once."""
    values = packs.in_force(
        packs.current(), day=day, district=district, entered=gathering.entered_parameters()
    )
    needed = [
        name
        for benefit in rules.benefits().values()
        if (rule := benefit.on(day))
        for name in checks.parameters_of(rule)
    ]
    return packs.gaps(dict.fromkeys(needed), values)


def ruling_for(actor: Actor, ruling_id: UUID) -> Ruling:
    """One kept ruling within the actor's scope.

    Raises:
        NotFound: there is none.
    """
    reached = residents_condition(actor, actor.scope("rulings", "read"), at="resident")
    found = Ruling.objects.select_related("resident").filter(reached, pk=ruling_id).first()
    if found is None:
        raise NotFound
    return found
