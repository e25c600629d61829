"""Addresses of cases."""

from django.urls import URLPattern, URLResolver, path

from services.assistance.cases.pages import (
    citizen,
    desk,
    desk_acts,
    holidays,
    letter,
    panels,
    public,
    visits,
)

_CASE = "desk/cases/<uuid:case_id>/"
_VISIT = "care/home-visits/<uuid:homevisit_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/cases/", desk.cases, name="desk_cases"),
    path("desk/cases/overdue/", desk.overdue, name="desk_cases_overdue"),
    path("desk/cases/new/", desk.new_case, name="desk_case_new"),
    path(_CASE, desk.case, name="desk_case"),
    path(f"{_CASE}receive-paper/", desk_acts.receive_paper, name="desk_case_paper"),
    path(f"{_CASE}list-missing/", desk_acts.list_missing, name="desk_case_missing"),
    path(f"{_CASE}accept/", desk_acts.accept, name="desk_case_accept"),
    path(f"{_CASE}record-data/", desk_acts.record_data, name="desk_case_data"),
    path(f"{_CASE}plan-visit/", desk_acts.plan_visit, name="desk_case_plan_visit"),
    path(f"{_CASE}propose/", desk_acts.propose, name="desk_case_propose"),
    path(f"{_CASE}object/", desk_acts.object_, name="desk_case_object"),
    path(f"{_CASE}confirm/", desk_acts.confirm, name="desk_case_confirm"),
    path(f"{_CASE}send-back/", desk_acts.send_back, name="desk_case_send_back"),
    path(f"{_CASE}issue-letter/", desk_acts.issue_letter, name="desk_case_letter"),
    path(f"{_CASE}keep/", desk_acts.keep, name="desk_case_keep"),
    path(f"{_CASE}appeal/", desk_acts.appeal, name="desk_case_appeal"),
    path(f"{_CASE}decide-appeal/", desk_acts.decide_appeal, name="desk_case_decide_appeal"),
    path(f"{_CASE}withdraw/", desk_acts.withdraw, name="desk_case_withdraw"),
    path(f"{_CASE}note/", desk_acts.note, name="desk_case_note"),
    path(f"{_CASE}pause/", desk_acts.pause, name="desk_case_pause"),
    path(f"{_CASE}resume/", desk_acts.resume, name="desk_case_resume"),
    path(f"{_CASE}extend/", desk_acts.extend, name="desk_case_extend"),
    path(f"{_CASE}assign/", desk_acts.assign, name="desk_case_assign"),
    path("desk/holidays/", holidays.holidays, name="desk_holidays"),
    path("desk/holidays/add/", holidays.add, name="desk_holiday_add"),
    path("desk/holidays/<int:holiday_id>/delete/", holidays.delete, name="desk_holiday_delete"),
    path(
        "desk/residents/<uuid:resident_id>/cases/", panels.of_resident, name="desk_resident_cases"
    ),
    path(_VISIT, visits.visit, name="home_visit"),
    path(f"{_VISIT}fill/", visits.fill, name="home_visit_fill"),
    path(f"{_VISIT}sign/", visits.sign, name="home_visit_sign"),
    path("care/home-visits/", visits.rounds, name="care_home_visits"),
    path("notices/", public.notices, name="notices"),
    path("letters/", public.check_letter, name="letters_check"),
    path("letters/<str:code>/", public.check_letter, name="letter_check"),
    path("my-cases/", citizen.own_cases, name="my_cases"),
    path("my-cases/now/", panels.of_oneself, name="my_cases_now"),
    path("my-cases/apply/", citizen.apply, name="apply"),
    path("my-cases/<uuid:case_id>/", citizen.followed, name="my_case"),
    path("my-cases/<uuid:case_id>/appeal/", citizen.appeal, name="my_case_appeal"),
    path("my-cases/<uuid:case_id>/withdraw/", citizen.withdraw, name="my_case_withdraw"),
    path("my-cases/letters/<int:letter_id>/", letter.letter, name="letter"),
    path("family/<uuid:resident_id>/cases/", panels.of_relative, name="family_cases"),
    path("family/<uuid:resident_id>/apply/", citizen.apply_for_relative, name="family_apply"),
]
