"""Addresses of enrolment."""

from django.urls import URLPattern, URLResolver, path

from devices.enrolment.pages import (
    circle,
    contacts,
    importing,
    joining,
    known,
    labels,
    life,
    steps,
    testing,
)

_ONE = "desk/enrol/<uuid:enrolment_id>/"
_CIRCLE = "family/<uuid:resident_id>/people/"
_CONTACT = "desk/residents/<uuid:resident_id>/contacts/<uuid:contact_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/enrol/", steps.enrolments, name="enrolments"),
    path("desk/enrol/begin/", steps.begin, name="enrol_begin"),
    path("desk/enrol/places/", steps.places, name="enrol_places"),
    path("desk/enrol/labels/", labels.labels, name="device_labels"),
    path("desk/enrol/import/", importing.imports, name="imports"),
    path("desk/enrol/import/template/", importing.template, name="import_template"),
    path("desk/enrol/import/<uuid:importrun_id>/", importing.one, name="import"),
    path("desk/enrol/import/<uuid:importrun_id>/apply/", importing.apply, name="import_apply"),
    path(f"{_ONE}person/", steps.person, name="enrol_person"),
    path(f"{_ONE}home/", steps.home, name="enrol_home"),
    path(f"{_ONE}contacts/", steps.contacts, name="enrol_contacts"),
    path(f"{_ONE}guardian/", steps.guardian, name="enrol_guardian"),
    path(f"{_ONE}consents/", steps.consents, name="enrol_consents"),
    path(f"{_ONE}devices/", steps.devices, name="enrol_devices"),
    path(f"{_ONE}preferences/", steps.preferences, name="enrol_preferences"),
    path(f"{_ONE}test/", testing.test, name="enrol_test"),
    path(f"{_ONE}test/state/", testing.state, name="enrol_test_state"),
    path(f"{_ONE}forget/", steps.forget, name="enrol_forget"),
    path(
        "desk/residents/<uuid:resident_id>/contacts/checks/",
        contacts.checks,
        name="desk_contact_checks",
    ),
    path("desk/residents/<uuid:resident_id>/known/", known.known, name="desk_known"),
    path(f"{_CONTACT}check/", contacts.check, name="contact_check"),
    path(f"{_CONTACT}code/", contacts.code, name="contact_code"),
    path(f"{_CONTACT}up/", contacts.up, name="contact_up"),
    path(f"{_CONTACT}remove/", contacts.remove, name="contact_remove"),
    path(f"{_CONTACT}invite/", contacts.invite, name="contact_invite"),
    path("desk/residents/<uuid:resident_id>/life-state/", life.panel, name="desk_life_state"),
    path("desk/residents/<uuid:resident_id>/life-state/undo/", life.undo, name="desk_life_undo"),
    path(_CIRCLE, circle.circle, name="family_circle"),
    path(f"{_CIRCLE}link/", circle.link, name="family_circle_link"),
    path(f"{_CIRCLE}add/", circle.add, name="family_circle_add"),
    path(f"{_CIRCLE}invite/", circle.invite, name="family_circle_invite"),
    path(f"{_CIRCLE}take-out/", circle.take_out, name="family_circle_out"),
    path("join/<str:token>/", joining.join, name="join"),
]
