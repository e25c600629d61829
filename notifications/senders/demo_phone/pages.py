"""`/demo/phones`: the demo's telephones in the browser. What they do, the demo doors tell."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from backend.accounts.doors import open_page
from backend.accounts.models import Role, User
from backend.people import phones
from backend.people.models import Caregiver, Contact, Resident
from notifications.models import BridgeLine, Delivery

SHOWN = 24
"""Telephones found at once."""
AT_FIRST = 9
NAMED_AT_ONCE = 200
OWNERS = (Role.RESIDENT, Role.FAMILY, Role.CAREGIVER)
"""Whose telephones lie on the table when the page opens, in this order."""


class Owner(NamedTuple):
    """Whose telephone it is."""

    number: str
    name: str
    about: str


@open_page("everybody who plays with the demo holds its telephones; there are none but in a demo")
@require_GET
@never_cache
def wall(request: HttpRequest) -> HttpResponse:
    """The telephones; the page fetches all that happens at them."""
    _require_demo()
    return render(request, "demo_phone/wall.html")


@open_page("the names beside the demo's numbers are invented; there are none but in a demo")
@require_GET
@never_cache
def directory(request: HttpRequest) -> HttpResponse:
    """Whose numbers these are: `?number=…&number=…`, `?q=` part of a name or number, or the first.

    {"phones": [{"number", "name", "about"}]}.
    """
    _require_demo()
    return JsonResponse({"phones": [owner._asdict() for owner in _asked_for(request)]})


def _asked_for(request: HttpRequest) -> list[Owner]:
    numbers = request.GET.getlist("number")[:NAMED_AT_ONCE]
    if numbers:
        return _owners_of(numbers)
    wanted = request.GET.get("q", "").strip()
    return _search(wanted) if wanted else _first()


def _require_demo() -> None:
    if not settings.ENV.yian_demo:
        raise Http404


def _first() -> list[Owner]:
    """The telephones of those who have an account."""
    users = User.objects.filter(role__in=OWNERS).exclude(phone_index="").order_by("username")
    by_role = sorted(users, key=lambda user: OWNERS.index(Role(user.role)))
    return [Owner(user.phone, user.name, str(Role(user.role).label)) for user in by_role[:AT_FIRST]]


def _search(wanted: str) -> list[Owner]:
    """By part of a name, or by a number."""
    index = phones.index_as_given(wanted)
    if index:
        return _owners_of([wanted])
    found = [
        *_residents(Resident.objects.filter(name__icontains=wanted)[:SHOWN]),
        *_contacts(Contact.objects.filter(name__icontains=wanted)[:SHOWN]),
        *_caregivers(Caregiver.objects.filter(name__icontains=wanted)[:SHOWN]),
    ]
    return _each_once(found)[:SHOWN]


def _owners_of(numbers: list[str]) -> list[Owner]:
    """Who is rung under these numbers; of those who share one, the resident."""
    keys = [index for number in numbers if (index := phones.index_as_given(number))]
    rung = Delivery.objects.filter(address_index__in=keys).distinct("address_index")
    lines = BridgeLine.objects.filter(phone_index__in=keys).distinct("phone_index")
    found = [
        *_residents(Resident.objects.filter(phone_index__in=keys)),
        *_contacts(Contact.objects.filter(phone_index__in=keys)),
        *_caregivers(Caregiver.objects.filter(phone_index__in=keys)),
        *(Owner(delivery.address, delivery.person_name, "") for delivery in rung),
        *(
            Owner(line.phone, line.name, "")
            for line in lines.order_by("phone_index", "-bridge__opened_at")
        ),
    ]
    return _each_once(found)


def _residents(found: Iterable[Resident]) -> Iterator[Owner]:
    for resident in found:
        if resident.phone:
            yield Owner(resident.phone, resident.name, gettext("resident"))


def _contacts(found: Iterable[Contact]) -> Iterator[Owner]:
    for contact in found:
        yield Owner(contact.phone, contact.name, contact.get_relation_display())


def _caregivers(found: Iterable[Caregiver]) -> Iterator[Owner]:
    for caregiver in found:
        yield Owner(caregiver.phone, caregiver.name, caregiver.get_kind_display())


def _each_once(found: list[Owner]) -> list[Owner]:
    return list({owner.number: owner for owner in reversed(found)}.values())[::-1]
