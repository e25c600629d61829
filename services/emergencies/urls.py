"""Addresses of services.emergencies."""

from django.urls import URLPattern, URLResolver, path

from services.alerts.pages import alerts, areas, zero
from services.alerts.pages import family as alerts_of_family
from services.emergencies.pages import (
    care,
    desk,
    desk_acts,
    desk_people,
    desk_phone,
    elder,
    family,
    home,
)

_CALL = "desk/calls/<uuid:call_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("call/", elder.current, name="call_now"),
    path("call/help/", elder.press_help, name="call_help"),
    path("call/service/", elder.ask_service, name="call_service"),
    path("call/mistake/", elder.say_mistake, name="call_mistake"),
    path("call/<uuid:call_id>/caller/", elder.say_who, name="call_caller"),
    path("family/calls/", family.current, name="family_now"),
    path("care/calls/", care.current, name="care_now"),
    path("care/position/", care.position, name="care_position"),
    path("desk/", desk.board, name="desk"),
    path("desk/queue/", desk.queue, name="desk_queue"),
    path("desk/bands/", desk.bands, name="desk_bands"),
    path("desk/calls/", desk.calls, name="desk_calls"),
    path(_CALL, desk.call, name="desk_call"),
    path(f"{_CALL}parts/", desk.call_parts, name="desk_call_parts"),
    path(f"{_CALL}take/", desk_acts.take, name="desk_take"),
    path(f"{_CALL}call-back/", desk_acts.call_back, name="desk_call_back"),
    path(f"{_CALL}note/", desk_acts.note, name="desk_note"),
    path(f"{_CALL}hand-over/", desk_acts.hand_over, name="desk_hand_over"),
    path(f"{_CALL}accept/", desk_acts.accept, name="desk_accept"),
    path(f"{_CALL}arrive/", desk_acts.arrive, name="desk_arrive"),
    path(f"{_CALL}resolve/", desk_acts.resolve, name="desk_resolve"),
    path(f"{_CALL}who/", desk_people.who, name="desk_who"),
    path(f"{_CALL}identify/", desk_acts.identify, name="desk_identify"),
    path(f"{_CALL}whereabouts/", desk.whereabouts, name="desk_whereabouts"),
    path(f"{_CALL}reopen/", desk_acts.reopen, name="desk_reopen"),
    path("desk/zero/", zero.zero, name="desk_zero"),
    path("desk/areas/", areas.areas, name="desk_areas"),
    path("desk/figures/", zero.figures, name="desk_figures"),
    path("family/<uuid:resident_id>/alerts/", alerts_of_family.of_family, name="family_alerts"),
    path("desk/alerts/", alerts.alerts, name="desk_alerts"),
    path("desk/alerts/<uuid:alert_id>/acknowledge/", alerts.acknowledge, name="desk_alert_seen"),
    path("desk/alerts/<uuid:alert_id>/assign/", alerts.assign, name="desk_alert_assign"),
    path("desk/alerts/<uuid:alert_id>/resolve/", alerts.resolve, name="desk_alert_resolve"),
    path("desk/alerts/<uuid:alert_id>/mark-false/", alerts.mark_false, name="desk_alert_false"),
    path("desk/residents/", desk_people.find, name="desk_search"),
    path("desk/residents/<uuid:resident_id>/", desk_people.resident, name="desk_resident"),
    path("desk/telephone/", desk_phone.telephone, name="desk_telephone"),
    path("desk/unreachable/", desk_people.unreachable, name="desk_unreachable"),
]
