"""How long each kind of record is kept: said by each app, changed by a setting or a hold."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.utils import timezone, translation

from backend.core.holding import NOTHING, Retention, retentions
from services.rights.models import LegalHold

PORTION = 1_000


@lru_cache(maxsize=8)
def _chosen(setting: str) -> Mapping[str, int]:
    """The days of the setting RETENTION.

    Raises:
        SystemExit: it cannot be read, names an unknown kind, or goes below what a law obliges to.
    """
    found = {}
    known = {each.kind: each for each in retentions() if not each.task}
    for entry in filter(None, setting.split(",")):
        kind, _, days = entry.strip().partition("=")
        if kind not in known or not days.isdigit() or int(days) < known[kind].at_least_days:
            raise SystemExit(f"RETENTION: {kind!r} is not a kind, or cannot be kept so short.")
        found[kind] = int(days)
    return found


def days_of(retention: Retention) -> int:
    """How many days a kind is kept here."""
    return _chosen(settings.ENV.retention).get(retention.kind, retention.days)


def forget_old(*, now: datetime) -> dict[str, int]:
    """Forget what is over its time, some thousands at a time; returns how many of each kind."""
    done = {}
    for retention in retentions():
        if not retention.task:
            done[retention.kind] = sum(_portions(retention, now))
    return done


def _portions(retention: Retention, now: datetime) -> Iterator[int]:
    model = apps.get_model(retention.model)
    before = now - timedelta(days=days_of(retention))
    old = model._default_manager.filter(**{f"{retention.since}__lt": before})
    if retention.where is not None:
        old = old.filter(retention.where)
    if retention.path:
        held = LegalHold.objects.filter(lifted_at=None, until__gte=timezone.localdate(now))
        held_keys = list(held.values_list("resident_id", flat=True))
        # Rows of nobody are on nobody's hold; NOT IN alone would leave them out.
        way = retention.path
        old = old.filter(Q(**{f"{way}__isnull": True}) | ~Q(**{f"{way}__in": held_keys}))
    if retention.emptied is not None:
        old = _still_full(old, retention.emptied)
    while keys := list(old.order_by("pk").values_list("pk", flat=True)[:PORTION]):
        rows = model._default_manager.filter(pk__in=keys)
        with transaction.atomic():
            if retention.emptied is None:
                rows.delete()
            else:
                rows.update(**retention.emptied)
        yield len(keys)


def _still_full(rows: QuerySet[Any], emptied: Mapping[str, Any]) -> QuerySet[Any]:
    """Rows from which something is still to be taken out."""
    full = NOTHING
    for name, value in emptied.items():
        if value is None:
            full |= Q(**{f"{name}__isnull": False})
        elif value == "":
            # Of an encrypted text only its length can be asked.
            rows = rows.alias(**{f"{name}_length": Length(name)})
            full |= Q(**{f"{name}_length__gt": 0})
        else:
            full |= ~Q(**{name: value})
    return rows.filter(full)


def page() -> str:
    """The kinds as docs/retention.md shows them: `python manage.py retention_page --write`."""
    with translation.override("en"):
        rows = [
            f"| `{each.kind}` | {each.label} | {days_of(each)} | {_what(each)} | {each.source} |"
            for each in sorted(retentions(), key=lambda each: each.kind)
        ]
    return "\n".join([*_HEAD, *rows, ""])


def _what(each: Retention) -> str:
    if each.task:
        return f"deleted by `{each.task}`"
    return "words taken out" if each.emptied is not None else "deleted"


_HEAD = (
    "# How long what is kept",
    "",
    "Written by `manage.py retention_page --write`, held to the code by a test. `RETENTION` sets",
    "other days for kinds without a task of their own. A legal hold on a person keeps all of it.",
    "What a law keeps of somebody deleted stands in `holdings.py` of each app.",
    "",
    "| kind | what | days | then | why so long |",
    "|---|---|---|---|---|",
)
