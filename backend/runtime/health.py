"""Is it alive, is it ready, how is it: /healthz, /readyz, /metrics."""

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import redis
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.module_loading import import_string
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Gauge, generate_latest

from backend.accounts.doors import open_page
from backend.core import clock
from backend.runtime import clocks

LATE_S = 10.0
"""A due row older than this means that nobody takes the queue."""
VALKEY_WITHIN_S = 1.0

lateness_gauge = Gauge("yian_due_lateness_seconds", "Age of the oldest due row", ["queue"])
clock_gauge = Gauge("yian_clock_difference_seconds", "This machine's clock minus the database's")


@open_page("liveness, says nothing but that the process answers")
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("alive\n", content_type="text/plain")


@open_page("readiness for load balancers; carries no personal data")
def readyz(_request: HttpRequest) -> JsonResponse:
    """Whether emergencies are taken; Valkey away is said, and is no reason to refuse."""
    state = readiness()
    status = HTTPStatus.OK if state["ready"] else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse(state, status=status)


@open_page("Prometheus metrics; carries no personal data")
def metrics(_request: HttpRequest) -> HttpResponse:
    """Counters and gauges of this process, and the lateness of the queues."""
    readiness()
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


def readiness() -> dict[str, Any]:
    """Database, Valkey, lateness of each queue in seconds, difference of the clocks."""
    try:
        now = clock.now()
        late = {name: _late_s(name, now) for name in settings.DUE_QUEUES}
        wrong = clocks.trouble(now=now)
    except (OperationalError, InterfaceError):
        return {"ready": False, "database": False, "valkey": _valkey_answers()}
    apart_s = (datetime.now(UTC) - now).total_seconds()
    clock_gauge.set(apart_s)
    return {
        "ready": True,
        "database": True,
        "valkey": _valkey_answers(),
        "lateness_s": late,
        "on_time": all(seconds < LATE_S for seconds in late.values()),
        "clock_difference_s": round(apart_s, 3),
        "clock_good": wrong is None and abs(apart_s) < clocks.WRONG_S,
        "clock_wrong": wrong.reason if wrong else "",
        "clock_wrong_by_s": round(wrong.wrong_by_s) if wrong else 0,
    }


def _late_s(name: str, now: datetime) -> float:
    oldest_due_at: Callable[..., datetime | None] = import_string(name)
    due_at = oldest_due_at(now=now)
    seconds = max((now - due_at).total_seconds(), 0.0) if due_at else 0.0
    lateness_gauge.labels(queue=name.split(".")[-3]).set(seconds)
    return round(seconds, 3)


def _valkey_answers() -> bool:
    client = redis.from_url(
        settings.ENV.redis_url,
        socket_timeout=VALKEY_WITHIN_S,
        socket_connect_timeout=VALKEY_WITHIN_S,
    )
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
