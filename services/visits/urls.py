"""Addresses of services.visits."""

from django.urls import URLPattern, URLResolver, path

from services.visits.pages import care, desk, panels, plans, replanning, requests

_VISIT = "desk/visits/<uuid:visit_id>/"
_REQUEST = "desk/visit-requests/<uuid:visitrequest_id>/"
_PLAN = "desk/care-plans/<uuid:careplan_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("care/", care.home, name="care"),
    path("desk/visits/", desk.day_board, name="desk_visits"),
    path(_VISIT, desk.visit, name="desk_visit"),
    path(f"{_VISIT}assign/", desk.assign, name="desk_visit_assign"),
    path(f"{_VISIT}move/", desk.move, name="desk_visit_move"),
    path(f"{_VISIT}leave/", desk.leave, name="desk_visit_leave"),
    path(f"{_VISIT}cancel/", desk.cancel, name="desk_visit_cancel"),
    path("desk/caregivers/<uuid:caregiver_id>/day-text/", desk.text_day, name="desk_day_text"),
    path("desk/residents/<uuid:resident_id>/care-plans/", plans.new_plan, name="desk_new_plan"),
    path("desk/residents/<uuid:resident_id>/visits/", panels.of_resident, name="resident_visits"),
    path(_PLAN, plans.plan, name="desk_care_plan"),
    path(f"{_PLAN}end/", plans.end_plan, name="desk_care_plan_end"),
    path("desk/absences/", plans.absences, name="desk_absences"),
    path("desk/absences/new/", plans.add_absence, name="desk_absence_new"),
    path(
        "desk/absences/<uuid:absence_id>/cancel/",
        plans.cancel_absence,
        name="desk_absence_cancel",
    ),
    path("desk/day-plans/", replanning.propose, name="desk_day_plan_propose"),
    path(
        "desk/day-plans/<uuid:dayplan_id>/accept/",
        replanning.accept,
        name="desk_day_plan_accept",
    ),
    path("desk/visit-requests/", requests.requests, name="desk_visit_requests"),
    path(f"{_REQUEST}agree/", requests.agree, name="desk_visit_request_agree"),
    path(f"{_REQUEST}decline/", requests.decline, name="desk_visit_request_decline"),
    path("residents/<uuid:resident_id>/ask-visit/", requests.ask, name="visit_ask"),
    path("visits/<uuid:visit_id>/wish/", requests.wish, name="visit_wish"),
    path(
        "visit-requests/<uuid:visitrequest_id>/withdraw/",
        requests.withdraw,
        name="visit_request_withdraw",
    ),
    path("visits/next/", panels.of_elder, name="my_visits"),
    path("family/<uuid:resident_id>/visits/", panels.of_family, name="family_visits"),
]
