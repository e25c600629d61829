"""Addresses of assessments; under /care/, for caregivers and officers alike."""

from django.urls import URLPattern, URLResolver, path

from services.assistance.ability import pages

_ONE = "care/ability/<uuid:abilityassessment_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("care/ability/", pages.whom, name="ability_whom"),
    path("care/ability/waiting/", pages.rounds, name="ability_rounds"),
    path("care/ability/of/<uuid:resident_id>/", pages.assess, name="ability_assess"),
    path(_ONE, pages.assessment, name="ability"),
    path(f"{_ONE}sign/", pages.sign, name="ability_sign"),
    path(f"{_ONE}drop/", pages.drop, name="ability_drop"),
    path(
        "desk/residents/<uuid:resident_id>/ability/",
        pages.of_resident,
        name="desk_resident_ability",
    ),
]
