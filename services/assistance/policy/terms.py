"""Terms and conditions of rules, read from YAML and evaluated in integers; nothing is divided.

A term is a number, the name of a fact or parameter, or one of
  {times: [a, b]}  {plus: [a, b]}  {minus: [a, b]}
  {percent: [p, a]}               p percent of an amount, half a fen rounded up
  {first: [{when: c, is: a}, …]}  the first whose condition holds
A condition is the name of a flag, or one of
  {not: c}  {all: [c, …]}  {any: [c, …]}
  {below: [a, b], inclusive: <flag>}  {at_least: [a, b]}  {equal: [a, b]}
  {one_of: [name, [word, …]]}
"""

from collections.abc import Iterator
from math import prod
from typing import Any

from services.assistance.policy.answers import Answer, all_of, any_of, known, negated
from services.assistance.policy.knowledge import Knowledge

Term = int | str | dict[str, Any]
Condition = str | dict[str, Any]

PERCENT = 100
TERMS = frozenset({"times", "plus", "minus", "percent", "first"})
COMPARISONS = frozenset({"below", "at_least", "equal"})
CONDITIONS = COMPARISONS | {"not", "all", "any", "one_of"}


class BrokenRule(ValueError):
    """A rule that cannot be read; said at start by the system check."""


def number(term: Term, on: Knowledge) -> int | None:
    """What a term comes to, or None if something it needs is missing."""
    if isinstance(term, int):
        return term
    if isinstance(term, str):
        return _named(term, on)
    name, parts = operation(term, TERMS)
    if name == "first":
        return _first(parts, on)
    values = [number(part, on) for part in parts]
    if name == "times" and 0 in values:
        return 0
    whole = [value for value in values if value is not None]
    return _reckoned(name, whole) if len(whole) == len(values) else None


def _named(name: str, on: Knowledge) -> int | None:
    if name in on.derived:
        return number(on.derived[name], on)
    value = on.value(name)
    return None if value is None or isinstance(value, str) else int(value)


def _reckoned(name: str, values: list[int]) -> int:
    match name:
        case "times":
            return prod(values)
        case "plus":
            return sum(values)
        case "minus":
            return values[0] - sum(values[1:])
    return (values[0] * values[1] + PERCENT // 2) // PERCENT


def _first(choices: list[dict[str, Any]], on: Knowledge) -> int | None:
    for choice in choices:
        match answer(choice["when"], on):
            case Answer.YES:
                return number(choice["is"], on)
            case Answer.UNKNOWN:
                return None
    return None


def answer(condition: Condition, on: Knowledge) -> Answer:
    """Whether a condition holds."""
    if isinstance(condition, str):
        value = on.value(condition)
        return known(None if value is None else bool(value))
    name, parts = operation(condition, CONDITIONS)
    match name:
        case "not":
            return negated(answer(parts, on))
        case "all":
            return all_of(answer(each, on) for each in parts)
        case "any":
            return any_of(answer(each, on) for each in parts)
        case "one_of":
            word = on.value(parts[0])
            return known(None if word is None else word in parts[1])
    return _compared(name, condition, on)


def _compared(name: str, condition: dict[str, Any], on: Knowledge) -> Answer:
    left, right = (number(side, on) for side in condition[name])
    if left is None or right is None:
        return Answer.UNKNOWN
    if name == "at_least":
        return known(left >= right)
    if name == "equal":
        return known(left == right)
    if left != right:
        return known(left < right)
    inclusive = condition.get("inclusive", False)
    value = inclusive if isinstance(inclusive, bool) else on.value(inclusive)
    return known(None if value is None else bool(value))


def operation(node: Any, allowed: frozenset[str]) -> tuple[str, Any]:
    """The name and parts of a node.

    Raises:
        BrokenRule: it is none of the allowed ones.
    """
    names = [name for name in node if name != "inclusive"] if isinstance(node, dict) else []
    if len(names) != 1 or names[0] not in allowed:
        raise BrokenRule(f"{node!r} is none of {', '.join(sorted(allowed))}")
    return names[0], node[names[0]]


def names_in(node: Any, on: Knowledge | None = None) -> Iterator[str]:
    """Names of all facts and parameters that a node speaks of.

    With `on`, those from which its derived facts are counted in place of them.
    """
    if isinstance(node, str):
        if on is not None and node in on.derived:
            yield from names_in(on.derived[node], on)
        else:
            yield node
    elif isinstance(node, list):
        for each in node:
            yield from names_in(each, on)
    elif isinstance(node, dict):
        if "one_of" in node:
            yield node["one_of"][0]
            return
        for each in node.values():
            yield from names_in(each, on)


def lacking(node: Any, on: Knowledge) -> Iterator[str]:
    """Names of what a node would need to be known, and nothing that would not help."""
    if isinstance(node, str):
        if node in on.derived:
            yield from lacking(on.derived[node], on)
        elif on.value(node) is None:
            yield node
    elif isinstance(node, dict):
        yield from _lacking_in(node, on)


def _lacking_in(node: dict[str, Any], on: Knowledge) -> Iterator[str]:
    name, parts = operation(node, TERMS | CONDITIONS)
    match name:
        case "first":
            yield from _lacking_in_first(parts, on)
        case "not":
            yield from lacking(parts, on)
        case "one_of":
            yield from lacking(parts[0], on)
        case "all" | "any":
            for part in parts:
                if answer(part, on) is Answer.UNKNOWN:
                    yield from lacking(part, on)
        case _:
            for part in parts:
                if number(part, on) is None:
                    yield from lacking(part, on)
            inclusive = node.get("inclusive")
            if isinstance(inclusive, str) and _compared(name, node, on) is Answer.UNKNOWN:
                yield from lacking(inclusive, on)


def _lacking_in_first(choices: list[dict[str, Any]], on: Knowledge) -> Iterator[str]:
    for choice in choices:
        match answer(choice["when"], on):
            case Answer.YES:
                yield from lacking(choice["is"], on)
                return
            case Answer.UNKNOWN:
                yield from lacking(choice["when"], on)
                return


def sides_of(condition: Condition) -> tuple[Term, Term] | None:
    """Both sides of a comparison, to show them; None for anything else."""
    if isinstance(condition, dict):
        for name in COMPARISONS & condition.keys():
            left, right = condition[name]
            return left, right
    return None


def require_whole(node: Any, *, condition: bool) -> None:
    """Look through a whole term or condition.

    Raises:
        BrokenRule: a part of it cannot be read.
    """
    if isinstance(node, str) or (isinstance(node, int) and not condition):
        return
    name, parts = operation(node, CONDITIONS if condition else TERMS)
    if name in COMPARISONS and len(parts) != 2:
        raise BrokenRule(f"{name} compares two, not {len(parts)}")
    if name == "first":
        for choice in parts:
            require_whole(choice["when"], condition=True)
            require_whole(choice["is"], condition=False)
    elif name == "not":
        require_whole(parts, condition=True)
    elif name != "one_of":
        for part in parts:
            require_whole(part, condition=name in {"all", "any"})
