"""The limits and papers of each benefit, read from `procedures.yaml`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FILE = Path(__file__).with_name("procedures.yaml")

PAPERS: dict[str, str | Promise] = {
    "application": _("application, signed"),
    "authorisation": _("permission to check data"),
    "income_statement": _("statement of income and property"),
    "spending_receipts": _("receipts of unavoidable spending"),
    "supporter_statement": _("statement about those who owe support"),
    "identity": _("identity card"),
    "household_register": _("household register"),
    "disability_certificate": _("disability certificate"),
}
"""Papers of the checklists in words."""
PAPER_CHOICES = list(PAPERS.items())


@dataclass(frozen=True)
class Limit:
    """How long a step may take."""

    days: int
    unit: str
    article: str


@cache
def _all() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def procedure_of(benefit: str) -> dict[str, Any]:
    """What the law asks of this kind of case; kept with the case from its first day."""
    found: dict[str, Any] = _all()[benefit]
    return found


def limit_of(
    procedure: dict[str, Any], kind: str, *, is_special: bool = False, is_delegated: bool = False
) -> Limit | None:
    """The limit of a step, or None where none is set."""
    rule = procedure["clocks"].get(kind)
    if rule is None or rule.get("days") is None:
        return None
    variant = "special" if is_special else "delegated" if is_delegated else "days"
    days = rule.get(variant) or rule["days"]
    article = f"{rule.get('basis') or procedure['basis']} {rule.get('article', '')}".strip()
    return Limit(days, rule["unit"], article)


def review_months(procedure: dict[str, Any], *, is_unstable: bool) -> int:
    """How many months after a decision the case is looked at again."""
    months: dict[str, int] = procedure["clocks"]["review"]["months"]
    return months["unstable" if is_unstable else "stable"]
