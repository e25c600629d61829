"""Importing a table on the desk: what it would do, row by row, then doing it."""

from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from backend.accounts.actors import Actor
from backend.accounts.costly import TABLES_IN, costly, posted
from backend.accounts.doors import page
from backend.core import clock
from backend.core.errors import DomainError, NotFound
from backend.core.tables import csv_of
from backend.web.downloads import CSV, download
from devices.enrolment import actions, queries
from devices.enrolment.actions.importing import planned_of
from devices.enrolment.errors import ImportOver, TableTooLarge
from devices.enrolment.forms import ImportForm
from devices.enrolment.importing.columns import HEADINGS
from devices.enrolment.importing.reading import MOST_BYTES
from devices.enrolment.importing.words import titled
from devices.enrolment.models import ImportRun
from devices.enrolment.pages.steps import step_door

RUNS_SHOWN = 20
ROWS_SHOWN = 500
"""Of each kind on the page; all of them are applied."""


@page("imports", "list", room="desk")
@costly(TABLES_IN, when=posted)
@step_door
def imports(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Choose a table; below, who imported what and when."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = _read(form.cleaned_data["table"], actor)
        except DomainError as error:
            form.add_error("table", str(error))
        else:
            return redirect("import", run.pk)
    context = {
        "here": "enrolments",
        "form": form,
        "runs": queries.imports_visible_to(actor)[:RUNS_SHOWN],
        "now": clock.now(),
    }
    return render(request, "enrolment/imports.html", context, status=422 if form.errors else 200)


def _read(table: "UploadedFile[bytes]", actor: Actor) -> ImportRun:
    if (table.size or 0) > MOST_BYTES:
        raise TableTooLarge
    run, _ = actions.read_import(
        table.read(),
        file_name=str(table.name),
        area=queries.area_of(actor),
        areas=queries.areas_to_enrol_in(actor),
        by=actor.reference,
        now=clock.now(),
    )
    return run


@page("imports", "list", room="desk")
@require_GET
def template(_request: HttpRequest, _actor: Actor) -> HttpResponse:
    """An empty table with our headings; the mark at its beginning tells Excel that it is UTF-8."""
    table = csv_of([texts[0] for texts in HEADINGS.values()], [])
    return download(table, name="residents.csv", content_type=CSV)


def _run(actor: Actor, importrun_id: UUID, action: str) -> ImportRun:
    run = queries.imports_visible_to(actor, action).filter(pk=importrun_id).first()
    if run is None:
        raise NotFound
    return run


@page("imports", "list", room="desk")
@require_GET
def one(request: HttpRequest, actor: Actor, importrun_id: UUID) -> HttpResponse:
    """What a table would do, or what it did."""
    return _show(request, actor, _run(actor, importrun_id, "list"))


def _show(request: HttpRequest, actor: Actor, run: ImportRun, problem: str = "") -> HttpResponse:
    context: dict[str, object] = {
        "here": "enrolments",
        "run": run,
        "problem": problem,
        "may_apply": actor.scope("imports", "apply") is not None,
        "now": clock.now(),
    }
    try:
        planned = planned_of(run, areas=queries.areas_to_enrol_in(actor), now=clock.now())
    except ImportOver:
        planned = []
    for kind in ("new", "changed", "same", "refused"):
        rows = [row for row in planned if row.kind == kind]
        context[kind] = [titled(row) for row in rows[:ROWS_SHOWN]]
        context[f"{kind}_count"] = len(rows)
    return render(request, "enrolment/import.html", context, status=409 if problem else 200)


@page("imports", "apply", room="desk")
@require_POST
def apply(request: HttpRequest, actor: Actor, importrun_id: UUID) -> HttpResponse:
    """Do it: the new ones, and of those that would change the ticked ones."""
    run = _run(actor, importrun_id, "apply")
    ticked = {int(number) for number in request.POST.getlist("row") if number.isdecimal()}
    try:
        actions.apply_import(
            run,
            areas=queries.areas_to_enrol_in(actor),
            change_rows=ticked,
            by=actor.reference,
            now=clock.now(),
        )
    except DomainError as error:
        return _show(request, actor, run, str(error))
    return redirect("import", run.pk)
