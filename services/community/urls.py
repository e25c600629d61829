"""Addresses of services.community."""

from django.urls import URLPattern, URLResolver, path

from services.community.pages import (
    choosing,
    desk_catalogue,
    desk_complaints,
    desk_hotline,
    desk_orders,
    following,
    panels,
    provider,
)

_ORDER = "orders/<uuid:order_id>/"
_FAMILY = "family/<uuid:resident_id>/"
_DESK_ORDER = "desk/orders/<uuid:order_id>/"
_DESK_COMPLAINT = "desk/complaints/<uuid:complaint_id>/"
_PROVIDER = "desk/services/providers/<uuid:provider_id>/"

_citizens: list[URLPattern | URLResolver] = [
    path("services/", choosing.services, name="services"),
    path("services/<uuid:service_id>/", choosing.choose, name="choose_service"),
    path(f"{_FAMILY}services/", choosing.services_for_relative, name="family_services"),
    path(
        f"{_FAMILY}services/<uuid:service_id>/",
        choosing.choose_for_relative,
        name="family_choose_service",
    ),
    path("orders/", following.own_orders, name="own_orders"),
    path("orders/today/", panels.of_oneself, name="my_orders_now"),
    path(_ORDER, following.order, name="order"),
    path(f"{_ORDER}cancel/", following.cancel, name="order_cancel"),
    path(f"{_ORDER}rate/", following.rate, name="order_rate"),
    path("orders/again/<uuid:standingorder_id>/", following.standing_order, name="standing_order"),
    path("complaints/new/", following.new_complaint, name="new_complaint"),
    path("complaints/<uuid:complaint_id>/", following.complaint, name="complaint"),
    path(
        "complaints/<uuid:complaint_id>/photos/<uuid:complaintphoto_id>/",
        following.photo,
        name="complaint_photo",
    ),
    path(f"{_FAMILY}orders/", panels.of_relative, name="family_orders"),
]
_providers: list[URLPattern | URLResolver] = [
    path("p/<str:token>/", provider.orders, name="provider_orders"),
    path("p/<str:token>/<uuid:order_id>/<str:name>/", provider.act, name="provider_act"),
]
_desk: list[URLPattern | URLResolver] = [
    path("desk/orders/", desk_orders.orders, name="desk_orders"),
    path("desk/orders/new/", desk_orders.new_order, name="desk_order_new"),
    path(_DESK_ORDER, desk_orders.order, name="desk_order"),
    path(f"{_DESK_ORDER}pass-on/", desk_orders.pass_on, name="desk_order_pass_on"),
    path(f"{_DESK_ORDER}take/", desk_orders.take, name="desk_order_take"),
    path(f"{_DESK_ORDER}set-out/", desk_orders.set_out, name="desk_order_set_out"),
    path(f"{_DESK_ORDER}deliver/", desk_orders.deliver, name="desk_order_deliver"),
    path(f"{_DESK_ORDER}give-back/", desk_orders.give_back, name="desk_order_give_back"),
    path(f"{_DESK_ORDER}cancel/", desk_orders.cancel, name="desk_order_cancel"),
    path("desk/residents/<uuid:resident_id>/orders/", panels.of_resident, name="resident_orders"),
    path("desk/services/", desk_catalogue.services, name="desk_services"),
    path("desk/services/usual/", desk_catalogue.adopt, name="desk_services_adopt"),
    path("desk/services/new/", desk_catalogue.new_service, name="desk_service_new"),
    path("desk/services/<uuid:service_id>/", desk_catalogue.service, name="desk_service"),
    path("desk/services/providers/new/", desk_catalogue.new_provider, name="desk_provider_new"),
    path(_PROVIDER, desk_catalogue.provider, name="desk_provider"),
    path(f"{_PROVIDER}link/", desk_catalogue.provider_link, name="desk_provider_link"),
    path("desk/complaints/", desk_complaints.complaints, name="desk_complaints"),
    path("desk/complaints/new/", desk_complaints.new_complaint, name="desk_complaint_new"),
    path("desk/complaints/12345/", desk_hotline.hotline_tables, name="desk_hotline"),
    path(
        "desk/complaints/12345/answers.csv",
        desk_hotline.hotline_answers,
        name="desk_hotline_answers",
    ),
    path(_DESK_COMPLAINT, desk_complaints.complaint, name="desk_complaint"),
    path(
        f"{_DESK_COMPLAINT}photos/<uuid:complaintphoto_id>/",
        desk_complaints.photo,
        name="desk_complaint_photo",
    ),
    *[
        path(f"{_DESK_COMPLAINT}{name}/", view, name=f"desk_complaint_{name.replace('-', '_')}")
        for name, view in (
            ("take-up", desk_complaints.take_up),
            ("dismiss", desk_complaints.dismiss),
            ("take", desk_complaints.take),
            ("answer", desk_complaints.answer),
            ("ask", desk_complaints.ask),
            ("check", desk_complaints.check),
            ("note", desk_complaints.note),
            ("give-up", desk_complaints.give_up),
        )
    ],
]

urlpatterns: list[URLPattern | URLResolver] = [*_citizens, *_providers, *_desk]
