"""Addresses of services.wellbeing."""

from django.urls import URLPattern, URLResolver, path

from services.wellbeing.pages import elder, forgotten, panels, reminders

_RESIDENT = "desk/residents/<uuid:resident_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("reminders/now/", elder.reminders_now, name="my_reminders"),
    path("reminders/times/<uuid:occurrence_id>/answer/", elder.answer, name="reminder_answer"),
    path("reminders/of/<uuid:resident_id>/", reminders.of_person, name="reminders_of"),
    path("reminders/<uuid:reminder_id>/end/", reminders.end, name="reminder_end"),
    path("ok/now/", elder.ok_now, name="my_ok"),
    path("ok/", elder.say_ok, name="say_ok"),
    path("family/<uuid:resident_id>/wellbeing/", panels.of_family, name="family_wellbeing"),
    path("care/welfare/", panels.of_caregiver, name="my_welfare"),
    path("care/welfare/<uuid:resident_id>/", forgotten.on_the_way, name="care_welfare"),
    path(f"{_RESIDENT}wellbeing/", panels.of_resident, name="resident_wellbeing"),
    path(f"{_RESIDENT}reminders/", reminders.at_the_desk, name="desk_reminders"),
    path(f"{_RESIDENT}welfare/", forgotten.at_the_desk, name="desk_welfare"),
    path("desk/nobody-forgotten/", forgotten.forgotten, name="desk_forgotten"),
    path(
        "desk/nobody-forgotten/<uuid:resident_id>/assign/",
        forgotten.assign,
        name="desk_forgotten_assign",
    ),
    path("desk/area-events/", forgotten.declare, name="desk_event"),
]
