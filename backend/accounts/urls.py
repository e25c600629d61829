"""Addresses of signing in."""

from django.urls import URLPattern, URLResolver, path

from backend.accounts import pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", pages.sign_in, name="sign-in"),
    path("sign-in/code/", pages.sign_in_code, name="sign-in-code"),
    path("sign-in/staff/", pages.sign_in_staff, name="sign-in-staff"),
    path("sign-in/second-factor/", pages.second_factor, name="second-factor"),
    path("sign-in/link/<str:token>", pages.sign_in_link, name="sign-in-link"),
    path("sign-out/", pages.sign_out, name="sign-out"),
    path("account/", pages.account, name="account"),
]
