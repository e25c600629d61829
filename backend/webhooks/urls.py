"""Addresses of webhooks."""

from django.urls import URLPattern, URLResolver, path

from backend.webhooks import pages

_ONE = "account/webhooks/<uuid:webhook_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/webhooks/", pages.webhooks, name="webhooks"),
    path("account/webhooks/new/", pages.new, name="webhook_new"),
    path(_ONE, pages.one, name="webhook"),
    path(f"{_ONE}change/", pages.change, name="webhook_change"),
    path(f"{_ONE}rotate/", pages.rotate, name="webhook_rotate"),
    path(f"{_ONE}try-again/", pages.try_again, name="webhook_try_again"),
    path(f"{_ONE}remove/", pages.remove, name="webhook_remove"),
]
