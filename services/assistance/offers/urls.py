"""Addresses of offers."""

from django.urls import URLPattern, URLResolver, path

from services.assistance.offers.pages import desk, panels

_OFFER = "desk/offers/<uuid:benefitoffer_id>/"
_ENTITLEMENT = "desk/entitlements/<uuid:entitlement_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/offers/", desk.offers, name="desk_offers"),
    path(_OFFER, desk.offer, name="desk_offer"),
    path(f"{_OFFER}ask/", desk.ask, name="desk_offer_ask"),
    path(f"{_OFFER}answer/", desk.answer, name="desk_offer_answer"),
    path(f"{_OFFER}follow-up/", desk.follow_up, name="desk_offer_follow_up"),
    path(f"{_ENTITLEMENT}change/", desk.change, name="desk_entitlement_change"),
    path(f"{_ENTITLEMENT}check/", desk.check, name="desk_entitlement_check"),
    path(f"{_ENTITLEMENT}confirm/", desk.confirm, name="desk_entitlement_confirm"),
    path(f"{_ENTITLEMENT}send-back/", desk.send_back, name="desk_entitlement_send_back"),
    path(f"{_ENTITLEMENT}end/", desk.end, name="desk_entitlement_end"),
    path("my-offers/now/", panels.of_oneself, name="my_offers_now"),
    path("my-offers/<uuid:benefitoffer_id>/answer/", panels.answer, name="my_offer_answer"),
    path("family/<uuid:resident_id>/offers/", panels.of_relative, name="family_offers"),
]
