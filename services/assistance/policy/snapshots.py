"""A judgement with all that it rests on, as it is kept: it can be explained years later.

The rule itself, the facts and the parameters stand in it, so neither an edited pack nor a new
version of a rule changes what is said of an old decision. The hash shows that nobody changed it.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from services.assistance.policy.kernel import Judgement, judge
from services.assistance.policy.knowledge import Fact, Knowledge, Parameter
from services.assistance.policy.rules import Version

FORM = 1


@dataclass(frozen=True)
class Recalled:
    """A kept judgement, judged again from what was kept."""

    benefit: str
    rule: Version
    knowledge: Knowledge
    judgement: Judgement
    pack: str

    @property
    def used_facts(self) -> tuple[Fact, ...]:
        """The facts that criteria rest on, each once."""
        facts = [fact for finding in self.judgement.findings for fact in finding.facts]
        return tuple({fact.name: fact for fact in facts}.values())


def content_of(
    judgement: Judgement, rule: Version, knowledge: Knowledge, *, pack: str
) -> dict[str, Any]:
    """Everything that the judgement rests on, and what it said."""
    kept: dict[str, Any] = msgspec.to_builtins(
        {
            "form": FORM,
            "pack": pack,
            "benefit": judgement.benefit,
            "day": judgement.day,
            "rule": rule,
            "facts": [knowledge.facts[name] for name in sorted(knowledge.facts)],
            "parameters": [knowledge.parameters[name] for name in sorted(knowledge.parameters)],
            "answer": judgement.answer.value,
            "amount_fen": judgement.amount_fen,
        }
    )
    return kept


def canonical(content: dict[str, Any]) -> str:
    """The one way to write it down."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_of(text: str) -> str:
    """SHA-256 of what was written down."""
    return hashlib.sha256(text.encode()).hexdigest()


def recall(text: str) -> Recalled:
    """Judge again from what was kept, by the rule of then."""
    kept = json.loads(text)
    rule = msgspec.convert(kept["rule"], Version)
    facts = [msgspec.convert(each, Fact) for each in kept["facts"]]
    parameters = [msgspec.convert(each, Parameter) for each in kept["parameters"]]
    knowledge = Knowledge({f.name: f for f in facts}, {p.name: p for p in parameters})
    judgement = judge(kept["benefit"], rule, knowledge, day=date.fromisoformat(kept["day"]))
    return Recalled(kept["benefit"], rule, knowledge, judgement, kept["pack"])
