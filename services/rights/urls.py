"""Addresses of services.rights."""

from django.urls import URLPattern, URLResolver, path

from services.rights.pages import desk, fetching, own, panels

_MINE = "my-data/<uuid:rightsrequest_id>/"
_FAMILY = "family/<uuid:resident_id>/"
_DESK = "desk/rights/<uuid:rightsrequest_id>/"
_OF_RESIDENT = "desk/residents/<uuid:resident_id>/rights/"

_citizens: list[URLPattern | URLResolver] = [
    path("my-data/", own.my_data, name="my_data"),
    path("my-data/now/", panels.of_oneself, name="my_rights_now"),
    path("my-data/after-death/", own.after_death, name="after_death"),
    path("my-data/use-again/", own.unfreeze, name="my_data_unfreeze"),
    path(_MINE, own.my_request, name="my_rights_request"),
    path(f"{_MINE}withdraw/", own.withdraw, name="my_rights_withdraw"),
    path(f"{_MINE}json/", fetching.json_copy, name="my_copy_json"),
    path(f"{_MINE}fhir/", fetching.fhir_copy, name="my_copy_fhir"),
    path(f"{_FAMILY}data/", own.data_of_relative, name="family_data"),
    path(f"{_FAMILY}data/use-again/", own.unfreeze, name="family_data_unfreeze"),
    path(f"{_FAMILY}data/now/", panels.of_relative, name="family_rights"),
]
_desk: list[URLPattern | URLResolver] = [
    path("desk/rights/", desk.queue, name="desk_rights"),
    path(_DESK, desk.one, name="desk_rights_request"),
    *[
        path(f"{_DESK}{name}/", view, name=f"desk_rights_{name}")
        for name, view in (
            ("take", desk.take),
            ("approve", desk.approve),
            ("confirm", desk.confirm),
            ("refuse", desk.refuse),
            ("thaw", desk.thaw),
            ("copy", fetching.copy_for),
        )
    ],
    path(_OF_RESIDENT, panels.of_resident, name="resident_rights"),
    path(f"{_OF_RESIDENT}new/", desk.new, name="desk_rights_new"),
    path(f"{_OF_RESIDENT}hold/", desk.hold, name="desk_hold"),
    path("desk/rights/holds/<uuid:legalhold_id>/lift/", desk.lift, name="desk_hold_lift"),
]

urlpatterns: list[URLPattern | URLResolver] = [*_citizens, *_desk]
