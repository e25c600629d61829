"""The steps of an enrolment on the desk: one idea a screen, each saved by itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from backend.accounts import limits
from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.core import clock
from backend.core.errors import DomainError, Invalid, NotFound
from backend.people import actions as people
from backend.people.actions.households import ENTRY
from backend.people.errors import WasDeleted
from backend.people.models import Consent, Contact, Guardianship, Household, Resident
from backend.people.purposes import PURPOSES
from backend.people.queries import consents_in_force, is_guardian_of
from backend.places.errors import NoGeocoder
from backend.places.geocoding import find_places
from devices.actions import change_device, claim_device, release_device
from devices.enrolment import actions, policies, queries
from devices.enrolment.actions.enrolling import drafted
from devices.enrolment.errors import NotYet
from devices.enrolment.forms import (
    PERSON_FIELDS,
    ContactForm,
    DeviceCodeForm,
    GuardianForm,
    HomeForm,
    PersonForm,
    PreferenceForm,
    tell,
)
from devices.enrolment.models import Enrolment
from devices.enrolment.record import note_contacts_read, note_read
from notifications.models import preferred_channels
from notifications.preferences import preference_of
from services.emergencies.desk.words import listed
from services.wellbeing.queries import running_reminders
from services.wellbeing.quiet import missed_times

Step = Enrolment.Step
FINISHED_SHOWN = 10
REVIEWED_AFTER = timedelta(days=365)
"""Our choice: a guardian's paper is looked at once a year."""
LOOKED_THROUGH = Q(step=Step.TEST, changed_at=F("begun_at"))
"""Taken up to change what is known of somebody, and nothing was changed."""
NOBODY = UUID(int=0)
OWN = "resident"
"""The resident decides, not a guardian."""

step_door = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Place:
    """A step in the list of steps."""

    step: str
    label: str | Promise
    url: str
    is_done: bool
    is_here: bool
    is_open: bool


@page("enrolments", "list", room="desk")
@require_GET
def enrolments(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Enrolments that wait to be gone on with, and the last that were finished."""
    rows = queries.enrolments_visible_to(actor)
    context = {
        "here": "enrolments",
        "open_ones": rows.filter(finished_at=None).exclude(LOOKED_THROUGH),
        "finished": rows.exclude(finished_at=None)[:FINISHED_SHOWN],
        "may_begin": actor.scope("enrolments", "create") is not None,
        "may_import": actor.scope("imports", "list") is not None,
        "may_print": actor.scope("device-labels", "create") is not None,
        "now": clock.now(),
    }
    return render(request, "enrolment/list.html", context)


@page("enrolments", "create", room="desk")
@require_POST
def begin(_request: HttpRequest, actor: Actor) -> HttpResponse:
    """Start a new one in the actor's area."""
    area = queries.area_of(actor)
    begun = actions.begin_enrolment(area=area, by=actor.reference, now=clock.now())
    return redirect("enrol_person", begun.pk)


@page("enrolments", "create", room="desk")
@require_GET
def places(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Places that the words of an address may mean, within the actor's area."""
    words = request.GET.get("address", "").strip()
    failed, found = False, []
    try:
        found = find_places(words) if words else []
    except NoGeocoder:
        failed = True
    within = set(queries.areas_to_enrol_in(actor).values_list("pk", flat=True))
    ours = [each for each in found if each.area is None or each.area.pk in within]
    context = {"places": ours, "failed": failed, "asked": words}
    return render(request, "enrolment/places.html", context)


def enrolment_for(actor: Actor, enrolment_id: UUID) -> Enrolment:
    """An enrolment that the actor may go on with.

    Raises:
        NotFound: there is none in their area.
    """
    found = queries.enrolments_visible_to(actor, "change").filter(pk=enrolment_id).first()
    if found is None:
        raise NotFound
    return found


def places_of(enrolment: Enrolment, here: str) -> list[Place]:
    """The list of steps, with where we are."""
    steps = list(Step)
    reached = steps.index(Step(enrolment.step))
    return [
        Place(
            step=step,
            label=step.label,
            url=f"enrol_{step}",
            is_done=number < reached or enrolment.finished_at is not None,
            is_here=step == here,
            is_open=number <= 1 or enrolment.resident_id is not None,
        )
        for number, step in enumerate(steps)
    ]


def show(request: HttpRequest, enrolment: Enrolment, step: str, **context: Any) -> HttpResponse:
    """A step's page; 422 where something in its form is to be mended."""
    form: forms.Form | None = context.get("form")
    return render(
        request,
        f"enrolment/{step}.html",
        {
            "here": "enrolments",
            "enrolment": enrolment,
            "step": step,
            "step_label": Step(step).label,
            "places": places_of(enrolment, step),
            "resident": enrolment.resident,
            "now": clock.now(),
            **context,
        },
        status=422 if form is not None and form.errors else 200,
    )


def after(enrolment: Enrolment, step: str) -> HttpResponse:
    """On to the next step."""
    steps = list(Step)
    following = steps[min(steps.index(Step(step)) + 1, len(steps) - 1)]
    return redirect(f"enrol_{following}", enrolment.pk)


def saved(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether a step could be saved; what was refused then stands in the form."""
    try:
        act()
    except Invalid as error:
        tell(form, error)
    except DomainError as error:
        form.add_error(None, forms.ValidationError(str(error), code=error.code))
    return not form.errors


def with_person(enrolment: Enrolment) -> Resident:
    """Who is enrolled.

    Raises:
        NotYet: nobody yet; `needs_person` leads back then.
    """
    if enrolment.resident is None:
        raise NotYet
    return enrolment.resident


def back_to_start(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    """Person and home come first."""
    messages.info(request, gettext("Please enter the person and their home first."))
    return redirect("enrol_home" if enrolment.draft else "enrol_person", enrolment.pk)


@page("enrolments", "change", room="desk")
@step_door
def person(request: HttpRequest, actor: Actor, enrolment_id: UUID) -> HttpResponse:
    """Who it is; birth date and sex come from the identity number."""
    enrolment = enrolment_for(actor, enrolment_id)
    known = _person_known(enrolment)
    form = PersonForm(request.POST or None, initial=known)
    if enrolment.resident is not None and "id_number" not in actor.reads("residents"):
        del form.fields["id_number"]
    if request.method == "POST" and form.is_valid():
        details, now = form.details(), clock.now()
        comes_again = form.cleaned_data.get("comes_again", False)
        if saved(
            form,
            lambda: actions.save_person(
                enrolment, details=details, comes_again=comes_again, by=actor.reference, now=now
            ),
        ):
            return after(enrolment, Step.PERSON)
    note_read(enrolment, PERSON_FIELDS, by=actor.reference, now=clock.now())
    was_deleted = form.has_error(NON_FIELD_ERRORS, WasDeleted.code)
    return show(request, enrolment, Step.PERSON, form=form, was_deleted=was_deleted)


def _person_known(enrolment: Enrolment) -> dict[str, Any]:
    if enrolment.resident is None:
        return drafted(enrolment)
    return {name: getattr(enrolment.resident, name) for name in PERSON_FIELDS}


@page("enrolments", "change", room="desk")
@step_door
def home(request: HttpRequest, actor: Actor, enrolment_id: UUID) -> HttpResponse:
    """Where they live and how to get in; a home where somebody lives already is asked about."""
    enrolment = enrolment_for(actor, enrolment_id)
    if enrolment.resident is None and not enrolment.draft:
        return back_to_start(request, enrolment)
    form = HomeForm(request.POST or None, initial=_home_known(enrolment))
    for name in set(ENTRY) - actor.fields("households", "change").whole:
        del form.fields[name]
    area = form.fields["area"]
    assert isinstance(area, forms.ModelChoiceField)  # noqa: S101 - declared so
    area.queryset = queries.areas_to_enrol_in(actor)
    others: list[Household] = []
    if request.method == "POST" and form.is_valid():
        others = _others_at(enrolment, form)
        same, is_settled = _same_home(request, others)
        if is_settled:
            details, now, by = form.details(), clock.now(), actor.reference
            if saved(
                form,
                lambda: actions.save_home(
                    enrolment, details=details, same_home=same, by=by, now=now
                ),
            ):
                return after(enrolment, Step.HOME)
    note_read(enrolment, HomeForm.base_fields, by=actor.reference, now=clock.now())
    named = [(each.pk, listed(one.name for one in each.residents.all())) for each in others]
    return show(request, enrolment, Step.HOME, form=form, others=named)


def _home_known(enrolment: Enrolment) -> dict[str, Any]:
    if enrolment.resident is None:
        return {}
    household = enrolment.resident.household
    return {
        "address": household.address.text,
        "area": household.address.area_id,
        "door_code": household.door_code,
        "key_holder": household.key_holder,
        "entry_notes": household.entry_notes,
    }


def _others_at(enrolment: Enrolment, form: HomeForm) -> list[Household]:
    """Homes at this address that are not the one they are enrolled in."""
    found = queries.homes_at(form.cleaned_data["area"], form.cleaned_data["address"])
    own = enrolment.resident.household_id if enrolment.resident else None
    return [] if own in {each.pk for each in found} else found


def _same_home(request: HttpRequest, others: list[Household]) -> tuple[Household | None, bool]:
    """Which of the homes was meant, and whether that was said."""
    if not others:
        return None, True
    said = request.POST.get("same_home", "")
    chosen = {str(each.pk): each for each in others}.get(said)
    return chosen, chosen is not None or said == "new"


@page("enrolments", "change", room="desk")
@step_door
def contacts(request: HttpRequest, actor: Actor, enrolment_id: UUID) -> HttpResponse:
    """Who is called, in order, each asked whether it is them."""
    enrolment = enrolment_for(actor, enrolment_id)
    if enrolment.resident is None:
        return back_to_start(request, enrolment)
    resident = enrolment.resident
    now, by = clock.now(), actor.reference
    if "go_on" in request.POST:
        actions.move_on(enrolment, Step.CONTACTS, by=by, now=now)
        return after(enrolment, Step.CONTACTS)
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        people.add_contact(
            resident=resident,
            name=said.pop("name"),
            relation=said.pop("relation"),
            phone=said.pop("phone"),
            details=said,
            by=by,
            now=now,
        )
        return redirect("enrol_contacts", enrolment.pk)
    note_contacts_read(resident, by=by, now=now)
    checked = queries.checked_contacts(resident, now=now)
    return show(
        request,
        enrolment,
        Step.CONTACTS,
        form=form,
        checked=checked,
        waits=any(each.standing.waits for each in checked),
        now=now,
        unconfirmed=[each for each in checked if not each.is_confirmed],
    )


@page("enrolments", "change", room="desk")
@step_door
def guardian(request: HttpRequest, actor: Actor, enrolment_id: UUID) -> HttpResponse:
    """Who decides for them and by which paper; most have nobody."""
    enrolment = enrolment_for(actor, enrolment_id)
    if enrolment.resident is None:
        return back_to_start(request, enrolment)
    now, by = clock.now(), actor.reference
    if "go_on" in request.POST:
        actions.move_on(enrolment, Step.GUARDIAN, by=by, now=now)
        return after(enrolment, Step.GUARDIAN)
    resident = enrolment.resident
    ended = resident.contacts.filter(pk=_key(request.POST.get("end"))).first()
    if ended is not None:
        people.end_guardianship(ended, by=by, now=now)
        return redirect("enrol_guardian", enrolment.pk)
    form = _guardian_form(request, resident)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        contact = said.pop("contact")
        if saved(form, lambda: people.appoint_guardian(contact, **said, by=by, now=now)):
            return redirect("enrol_guardian", enrolment.pk)
    papers = Guardianship.objects.filter(contact__resident=resident, ended_at=None)
    guardians = papers.select_related("contact").order_by("contact__order")
    return show(request, enrolment, Step.GUARDIAN, form=form, guardians=guardians)


def _key(said: str | None) -> UUID:
    try:
        return UUID(said or "")
    except ValueError:
        return NOBODY


def _guardian_form(request: HttpRequest, resident: Resident) -> GuardianForm:
    today = timezone.localdate(clock.now())
    form = GuardianForm(
        request.POST or None, initial={"since": today, "review_on": today + REVIEWED_AFTER}
    )
    contact = form.fields["contact"]
    assert isinstance(contact, forms.ModelChoiceField)  # noqa: S101 - declared so
    contact.queryset = resident.contacts.all()
    return form


@page("enrolments", "change", room="desk")
@step_door
def consents(request: HttpRequest, actor: Actor, enrolment_id: UUID) -> HttpResponse:
    """Item by item: what it is for, as a question for the ear, and yes or no."""
    enrolment = enrolment_for(actor, enrolment_id)
    if enrolment.resident is None:
        return back_to_start(request, enrolment)
    resident, now = enrolment.resident, clock.now()
    guardians = _deciding(resident)
    if request.method == "POST":
        decides = {str(each.pk): each for each in guardians}.get(request.POST.get("given_by", ""))
        actions.save_consents(
            enrolment, answers=_answers(request), guardian=decides, by=actor.reference, now=now
        )
        return after(enrolment, Step.CONSENTS)
    given, asked = (
        consents_in_force(resident.pk),
        set(resident.consents.values_list("item", flat=True)),
    )
    items = [
        {
            "item": item,
            "label": item.label,
            "purpose": PURPOSES[item],
            "answer": "yes" if item in given else "no" if item in asked else "",
        }
        for item in Consent.Item
    ]
    return show(request, enrolment, Step.CONSENTS, items=items, guardians=guardians, own=OWN)


def _deciding(resident: Resident) -> list[Contact]:
    today = timezone.localdate(clock.now())
    return [each for each in resident.contacts.all() if is_guardian_of(each, resident, today=today)]


def _answers(request: HttpRequest) -> dict[str, bool]:
    said = {item.value: request.POST.get(f"item-{item}") for item in Consent.Item}
    return {item: answer == "yes" for item, answer in said.items() if answer in {"yes", "no"}}


@page("enrolments", "change", room="desk")
@step_door
def devices(request: HttpRequest, actor: Actor, enrolment_id: UUID) -> HttpResponse:
    """Which devices stand in the home, each taken in by the code printed on it."""
    enrolment = enrolment_for(actor, enrolment_id)
    if enrolment.resident is None:
        return back_to_start(request, enrolment)
    resident, now, by = enrolment.resident, clock.now(), actor.reference
    if "go_on" in request.POST:
        actions.move_on(enrolment, Step.DEVICES, by=by, now=now)
        return after(enrolment, Step.DEVICES)
    released = resident.household.devices.filter(pk=_key(request.POST.get("release"))).first()
    if released is not None:
        release_device(released, by=by, now=now)
        return redirect("enrol_devices", enrolment.pk)
    form = DeviceCodeForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and saved(form, lambda: _claim(form, resident, actor=actor))
    ):
        return redirect("enrol_devices", enrolment.pk)
    found = resident.household.devices.select_related("gateway").order_by("created_at", "pk")
    return show(request, enrolment, Step.DEVICES, form=form, devices=found)


def _claim(form: DeviceCodeForm, resident: Resident, *, actor: Actor) -> None:
    now, by = clock.now(), actor.reference
    limits.take(policies.CODES_TRIED, by, now=now)
    device = claim_device(
        form.cleaned_data["code"],
        household=resident.household,
        resident=resident,
        by=by,
        now=now,
    )
    if form.cleaned_data["room"]:
        change_device(device, room=form.cleaned_data["room"], by=by, now=now)


@page("enrolments", "change", room="desk")
@step_door
def preferences(request: HttpRequest, actor: Actor, enrolment_id: UUID) -> HttpResponse:
    """How they want to be spoken to, and when not."""
    enrolment = enrolment_for(actor, enrolment_id)
    if enrolment.resident is None:
        return back_to_start(request, enrolment)
    form = PreferenceForm(request.POST or None, initial=_preferences_known(enrolment.resident))
    if request.method == "POST" and form.is_valid():
        said, now = form.cleaned_data, clock.now()
        if saved(
            form,
            lambda: actions.save_preferences(enrolment, details=said, by=actor.reference, now=now),
        ):
            _say_what_falls_silent(request, enrolment.resident)
            return after(enrolment, Step.PREFERENCES)
    return show(request, enrolment, Step.PREFERENCES, form=form)


def _say_what_falls_silent(request: HttpRequest, resident: Resident) -> None:
    """Reminders that are dropped every day as they fall into the quiet hours just chosen."""
    for reminder in running_reminders(resident):
        if missed := missed_times(reminder):
            said = {
                "text": reminder.text,
                "times": ", ".join(map(str, missed)),
                "until": missed[0].until_hour,
            }
            words = gettext("“%(text)s” is not asked at %(times)s: quiet hours until %(until)s.")
            messages.warning(request, words % said)


def _preferences_known(resident: Resident) -> dict[str, Any]:
    chosen = preference_of(f"resident:{resident.pk}")
    return {
        "language": resident.language,
        "dialect": resident.dialect,
        "channels": chosen.channels or preferred_channels(),
        "quiet_from": chosen.quiet_from,
        "quiet_until": chosen.quiet_until,
        "ok_at": resident.ok_at,
    }


@page("enrolments", "change", room="desk")
@require_POST
def forget(_request: HttpRequest, actor: Actor, enrolment_id: UUID) -> HttpResponse:
    """Put it away; who was enrolled by then stays enrolled."""
    enrolment = enrolment_for(actor, enrolment_id)
    actions.forget_enrolment(enrolment, by=actor.reference, now=clock.now())
    return redirect("enrolments")
