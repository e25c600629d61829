"""The access table to read: who may do what, to what, which fields of it, how far it reaches."""

from collections.abc import Mapping
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from backend.accounts import access
from backend.accounts.access import Grant, Scope
from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.accounts.models import Role
from backend.web.resource_words import RESOURCES

REACHES: Mapping[Scope, Promise] = {
    Scope.ALL: _("everything"),
    Scope.AREA: _("their area"),
    Scope.ASSIGNED: _("whom they go to, around the visit or call"),
    Scope.HOUSEHOLD: _("whose contact they are"),
    Scope.SELF: _("themselves"),
}


@page("access-table", "read")
@require_GET
def access_table(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """All rows by resource; `?role=` shows those of one role."""
    asked = request.GET.get("role", "")
    rows = [row for row in access.table() if asked in {"", row.role.value}]
    by_resource = groupby(sorted(rows, key=_place), key=lambda row: row.resource)
    context = {
        "here": "access",
        "asked": asked,
        "roles": Role.choices,
        "resources": [
            (name, RESOURCES[name], [_told(row) for row in of_it]) for name, of_it in by_resource
        ],
    }
    return render(request, "web/access_table.html", context)


def _place(row: Grant) -> tuple[str, str, str]:
    return row.resource, row.action, row.role.value


def _told(row: Grant) -> dict[str, object]:
    return {
        "role": row.role.label,
        "action": row.action,
        "reach": REACHES[row.scope],
        "fields": str(row.fields),
    }
