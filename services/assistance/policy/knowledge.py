"""What a judgement rests on: facts about people and parameters of the law, each with its source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

OWN_RECORD, APPLICATION = "record", "application"
"""Sources that are named in the reader's language (`sentences`)."""

Known = int | bool | str
"""Money is integer fen, ages are complete years, shares are whole percent."""


@dataclass(frozen=True)
class Fact:
    """Something about a person or household: its value (None: missing), whence, of which day."""

    name: str
    value: Known | None
    source: str = ""
    as_of: date | None = None


@dataclass(frozen=True)
class Parameter:
    """A value of the law in force on a day, and in which layer it stands."""

    name: str
    value: Known | None
    layer: str
    """"nation", "province", "city" or "district"."""
    since: date
    until: date | None = None
    source: str = ""
    confidence: str = ""
    version: str = ""
    """The pack it stands in, or "entered:<id>" where officers entered it."""


@dataclass(frozen=True)
class Knowledge:
    """Everything that is known for one judgement."""

    facts: Mapping[str, Fact]
    parameters: Mapping[str, Parameter]
    derived: Mapping[str, Any] = field(default_factory=dict)
    """Terms of what a rule counts from other facts, such as the income that counts."""

    def value(self, name: str) -> Known | None:
        """The value of a fact or parameter as it is known; None if it is missing."""
        if name in self.facts:
            return self.facts[name].value
        found = self.parameters.get(name)
        return found.value if found else None
