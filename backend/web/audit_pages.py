"""The auditor's page: who read and changed what, searched, and taken along as a signed file."""

import tempfile
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.accounts.models import STAFF_ROLES, User
from backend.audit import exporting
from backend.audit.models import AuditRow
from backend.core import clock

PORTION = 50
A_DAY = timedelta(days=1)
DAY = forms.DateInput(attrs={"type": "date"})


class SearchForm(forms.Form):
    """By what the audit is searched; `before` is the key of the row above the next page."""

    actor = forms.CharField(label=_("Who"), required=False, max_length=80)
    resident = forms.UUIDField(
        label=_("Whose (resident's key)"),
        required=False,
        error_messages={"invalid": _("This is no key. It stands in the address of their page.")},
    )
    action = forms.ChoiceField(
        label=_("What was done"),
        required=False,
        choices=[("", _("everything")), *AuditRow.Action.choices],
    )
    since = forms.DateField(label=_("From"), required=False, widget=DAY)
    until = forms.DateField(label=_("Up to and with"), required=False, widget=DAY)
    before = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def rows(self) -> QuerySet[AuditRow]:
        """What was asked for, the newest first."""
        asked = self.cleaned_data
        conditions = {
            "actor__in": asked["actor"] and _actors_called(asked["actor"]),
            "resident_id": asked["resident"],
            "action": asked["action"],
            "at__gte": asked["since"] and beginning(asked["since"]),
            "at__lt": asked["until"] and beginning(asked["until"] + A_DAY),
            "pk__lt": asked["before"],
        }
        given = {name: value for name, value in conditions.items() if value}
        return AuditRow.objects.filter(**given).order_by("-pk")


def _actors_called(said: str) -> list[str]:
    """The reference as it stands in a row, and accounts of staff who have this name."""
    named = User.objects.filter(role__in=STAFF_ROLES, name=said)
    return [said, *(user.reference for user in named)]


def _with_names(rows: list[AuditRow]) -> list[tuple[AuditRow, User | None]]:
    """Each row, and the account that did it; of residents and families only its role is shown."""
    of_users = {row.actor for row in rows if row.actor.startswith("user:")}
    keys = {key for actor in of_users if (key := _key(actor.removeprefix("user:")))}
    users = User.objects.in_bulk(keys)
    known = {user.reference: user for user in users.values()}
    return [(row, known.get(row.actor)) for row in rows]


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


class ExportForm(forms.Form):
    """Which days leave as a file."""

    since = forms.DateField(label=_("From"), widget=DAY)
    until = forms.DateField(label=_("Up to and with"), widget=DAY)


@page("audit", "list")
@require_GET
@never_cache
def audit(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """Rows by who, whose, what and when; the question stands in the address."""
    return _show(request, SearchForm(request.GET), ExportForm(prefix="export"))


def _show(
    request: HttpRequest, search: SearchForm, export: ExportForm, *, status: int = 200
) -> HttpResponse:
    rows = list(search.rows()[: PORTION + 1]) if search.is_valid() else []
    context = {
        "here": "audit",
        "search": search,
        "export": export,
        "rows": _with_names(rows[:PORTION]),
        "older": rows[PORTION - 1].pk if len(rows) > PORTION else None,
    }
    return render(request, "web/audit.html", context, status=status)


@page("audit", "export", fresh=True)
@require_POST
@never_cache
def export(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The rows of some days as one signed file."""
    form = ExportForm(request.POST, prefix="export")
    if not form.is_valid():
        return _show(request, SearchForm({}), form, status=422)
    first, last = form.cleaned_data["since"], form.cleaned_data["until"]
    return exported(beginning(first), beginning(last + A_DAY), by=actor.reference)


def exported(since: datetime, until: datetime, *, by: str) -> FileResponse:
    """A download; what is written on its way is gone when it was sent."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    exporting.export_period(file, since=since, until=until, by=by, now=clock.now())
    file.seek(0)
    name = f"yian-audit-{since:%Y%m%d}-{until:%Y%m%d}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


def beginning(day: date) -> datetime:
    """The first moment of a day, in the reader's zone."""
    return timezone.make_aware(datetime.combine(day, time.min))
