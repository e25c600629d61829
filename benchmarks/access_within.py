"""The part of `benchmarks.access` that has the database: who asks what, and how long it takes."""

import argparse
import time
from collections.abc import Callable, Iterable
from statistics import median
from typing import Any

import django

django.setup()

# The settings have to be read before any model is.
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import QuerySet  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test import Client, RequestFactory  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from rest_framework.permissions import AllowAny  # noqa: E402
from rest_framework.serializers import BaseSerializer  # noqa: E402

from backend.accounts.models import Role, User  # noqa: E402
from backend.core import clock  # noqa: E402
from backend.people.models import Resident  # noqa: E402
from backend.places.models import Area  # noqa: E402
from backend.web.api.people.residents import ResidentViewSet  # noqa: E402
from benchmarks import population  # noqa: E402
from benchmarks.figures import Figures, milliseconds, run, say  # noqa: E402
from tests.builders import NOON, a_user, an_api_token, an_area, signed_in  # noqa: E402
from tests.doors import declared  # noqa: E402
from tests.walk import Town, Visitor  # noqa: E402

LIST = "/api/v1/residents/?limit=50"
DISTRICTS, STREETS, GRIDS = 10, 10, 5
WARM, EACH = 8, 120
View = Callable[[HttpRequest], HttpResponse]


class UncheckedResidents(ResidentViewSet):
    """The naive peer: the same list for whoever has a token, all of it."""

    permission_classes = [AllowAny]

    def get_queryset(self) -> QuerySet[Resident]:
        """All there are."""
        return Resident.objects.select_related("area", "household__address")

    def _brief(self, rows: Any, *, many: bool = False) -> BaseSerializer[Any]:
        return self.brief(rows, many=many)


def measure(arguments: argparse.Namespace) -> Figures:
    """The matrix in an empty district; then list and page with few and with many residents."""
    call_command("migrate", verbosity=0)
    figures = _matrix()
    say(f"{figures['matrix_routes']} doors walked")
    districts = [an_area() for _ in range(DISTRICTS)]
    grids = [grid.pk for district in districts for grid in _grids_of(district)]
    user = a_user(role=Role.OPERATOR, area=districts[0])
    few = _at_size(user, grids, arguments.few)
    figures |= _overhead(user)
    many = _at_size(user, grids, arguments.many)
    growth = {
        f"{name}_growth": round(many[name] / few[name], 2)
        for name in ("list_50_p95_ms", "page_p95_ms")
    }
    return {
        **figures,
        **many,
        "few_list_50_p95_ms": few["list_50_p95_ms"],
        "few_page_p95_ms": few["page_p95_ms"],
        **growth,
        "p95_1m_over_1k": max(growth.values()),
    }


def _matrix() -> Figures:
    """How many doors there are, and how many say or do too much to whom."""
    doors = declared()
    with transaction.atomic(), clock.set_to(NOON):
        town = Town.built()
        leaks = sum(
            len(list(visitor.faults(door)))
            for visitor in (Visitor.of(town, role) for role in Role)
            for door in doors
        )
        transaction.set_rollback(True)
    return {"matrix_routes": len(doors), "matrix_leaks": leaks}


def _grids_of(district: Area) -> Iterable[Area]:
    for _ in range(STREETS):
        street = an_area(parent=district)
        for _ in range(GRIDS):
            yield an_area(parent=an_area(parent=street))


def _at_size(user: User, grids: list[int], residents: int) -> Figures:
    """The list and a resident's page as a program and a browser ask for them."""
    began = time.monotonic()
    population.copy_people(connection.connection or _raw(), grids, residents)
    say(f"{residents} residents after {time.monotonic() - began:.0f} s")
    program = Client(headers={"Authorization": f"Bearer {an_api_token(user)}"})
    browser = signed_in(user)
    theirs = Resident.objects.filter(area__path__startswith=user.area.path if user.area else "-")
    person = theirs.order_by("area_id").values_list("pk", flat=True)[:1].get()
    page = f"/desk/residents/{person}/"
    with CaptureQueriesContext(connection) as asked:
        program.get(LIST)
    queries = list(asked.captured_queries)  # the next request forgets them
    return {
        "residents": Resident.objects.count(),
        "list_50_p95_ms": _p95(lambda: program.get(LIST)),
        "page_p95_ms": _p95(lambda: browser.get(page)),
        "limit_rows_p95_ms": _p95(lambda: _rows(queries)),
        "queries": len(queries),
    }


def _raw() -> Any:
    connection.ensure_connection()
    return connection.connection


def _rows(asked: list[dict[str, str]]) -> None:
    """The rows of the list, and nothing done with them."""
    query = next(
        each["sql"]
        for each in asked
        if 'FROM "people_resident"' in each["sql"] and "ORDER BY" in each["sql"]
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        cursor.fetchall()


def _p95(ask: Callable[[], Any]) -> float:
    """The p95 in ms; an answer that is none ends the run.

    Raises:
        RuntimeError: an answer was no page.
    """
    waits = []
    for _ in range(WARM + EACH):
        began = time.perf_counter()
        answer = ask()
        waits.append(time.perf_counter() - began)
        if getattr(answer, "status_code", 200) != 200:
            raise RuntimeError(f"{answer.request}: {answer.status_code}")
    return milliseconds(waits[WARM:], 0.95)


def _overhead(user: User) -> Figures:
    """Ours over the naive peer, asked in turn, so that a busy machine weighs on both."""
    token = f"Bearer {an_api_token(user)}"
    ours, naive = (view.as_view({"get": "list"}) for view in (ResidentViewSet, UncheckedResidents))
    waits: dict[Any, list[float]] = {ours: [], naive: []}
    for _ in range(WARM + 2 * EACH):
        for view, took in waits.items():
            request = RequestFactory().get(LIST, headers={"Authorization": token})
            began = time.perf_counter()
            view(request).render()
            took.append(time.perf_counter() - began)
    checked, unchecked = (median(waits[view][WARM:]) for view in (ours, naive))
    return {
        "overhead_ratio": round(checked / unchecked, 3),
        "checked_list_50_ms": round(checked * 1000, 2),
        "naive_list_50_ms": round(unchecked * 1000, 2),
    }


if __name__ == "__main__":
    run("access_within", measure, few=1_000, many=1_000_000)
