"""How long each kind is kept: a test a kind, holds kept, the table of the docs as the code."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import Model

from backend.core.holding import Retention, retentions
from services.community.doers import Doer
from services.rights import actions, retention
from services.rights.retention import page
from tests.builders import NOON
from tests.services.rights.builders import a_request
from tests.worlds import a_world

pytestmark = pytest.mark.django_db

COMMON = [each for each in retentions() if not each.task]


def test_every_kind_names_its_source_and_fields_that_exist() -> None:
    for each in retentions():
        names = {field.name for field in apps.get_model(each.model)._meta.concrete_fields}
        assert each.source
        assert {each.since, *(each.emptied or {})} <= names, each.kind
        assert each.task in {"", *settings.CELERY_BEAT_SCHEDULE}, each.kind
    kinds = [each.kind for each in retentions()]
    assert len(kinds) == len(set(kinds))


def test_the_table_of_the_docs_is_that_of_the_code() -> None:
    path = Path(settings.BASE_DIR) / "docs" / "retention.md"

    assert path.read_text(encoding="utf-8") == page()


def test_each_kind_is_forgotten_when_its_time_is_over_and_not_before() -> None:
    a_world()
    for kind in COMMON:
        row = an_old_row(kind)
        over = NOON + timedelta(days=retention.days_of(kind))

        retention.forget_old(now=over)
        assert is_full(kind, row), kind.kind
        retention.forget_old(now=over + timedelta(seconds=1))
        assert not is_full(kind, row), kind.kind


def an_old_row(kind: Retention) -> Model:
    """A row of the world whose time counts from noon, with something in every field."""
    model = apps.get_model(kind.model)
    row: Model | None = model._default_manager.order_by("pk").last()
    assert row is not None, f"no world has a {kind.model}"
    filled = {name: _something(model, name) for name in (kind.emptied or {})}
    model._default_manager.filter(pk=row.pk).update(**{**filled, kind.since: NOON})
    return row


def _something(model: type[Model], name: str) -> object:
    match model._meta.get_field(name).get_internal_type():
        case "JSONField":
            return {"who": "陈女士"}
        case "FloatField":
            return 31.5
    return "x"


def is_full(kind: Retention, row: Model) -> bool:
    """Whether anything that is to be taken out is still there."""
    found = type(row)._default_manager.filter(pk=row.pk).first()
    if found is None or kind.emptied is None:
        return found is not None
    return any(getattr(found, name) != value for name, value in kind.emptied.items())


def test_what_is_on_hold_stays() -> None:
    request = a_request()
    closed: datetime = NOON
    actions.withdraw(request, by=Doer("user:1"), now=closed)
    later = NOON + timedelta(days=4 * 365)
    actions.place_hold(
        request.resident,
        reason="遗产纠纷待法院判决",
        law="民事诉讼法",
        until=later.date() + timedelta(days=1),
        by=Doer("user:1"),
        now=NOON,
    )
    words = type(request).objects.filter(pk=request.pk)
    words.update(words="请复印")

    retention.forget_old(now=later)
    assert words.get().words == "请复印"
    retention.forget_old(now=later + timedelta(days=3))

    assert words.get().words == ""


def test_the_setting_keeps_longer_or_shorter_and_names_no_unknown_kind(monkeypatch: Any) -> None:
    kind = next(each for each in COMMON if each.kind == "visit_notes")
    monkeypatch.setattr(
        settings, "ENV", type("Env", (), {"retention": "visit_notes=400", "rights_days": 15})()
    )
    assert retention.days_of(kind) == 400

    monkeypatch.setattr(settings, "ENV", type("Env", (), {"retention": "gossip=1"})())
    with pytest.raises(SystemExit):
        retention.days_of(kind)
