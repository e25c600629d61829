"""Addresses of the rules."""

from django.urls import URLPattern, URLResolver, path

from services.assistance.policy.pages import law, people

_PARAMETER = "desk/policy/<int:enteredparameter_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/policy/", law.law, name="desk_policy"),
    path("desk/policy/enter/", law.enter, name="desk_policy_enter"),
    path(f"{_PARAMETER}confirm/", law.confirm, name="desk_policy_confirm"),
    path(f"{_PARAMETER}drop/", law.drop, name="desk_policy_drop"),
    path("desk/rulings/<uuid:ruling_id>/", people.ruling, name="desk_ruling"),
    path(
        "desk/residents/<uuid:resident_id>/benefits/",
        people.of_resident,
        name="desk_resident_benefits",
    ),
    path("desk/residents/<uuid:resident_id>/facts/", people.facts, name="desk_facts"),
    path("my-benefits/", people.own, name="my_benefits"),
]
