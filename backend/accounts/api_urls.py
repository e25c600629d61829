"""Addresses of tokens and one's own account at the API."""

from django.urls import URLPattern, URLResolver, path

from backend.accounts import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("auth/token/", api.TokenView.as_view(), name="token"),
    path("me/", api.MeView.as_view(), name="me"),
    path("me/tokens/", api.MyTokensView.as_view(), name="my-tokens"),
    path("me/tokens/<int:token_id>/", api.MyTokenView.as_view(), name="my-token"),
    path("me/sos-tokens/", api.SosTokenView.as_view(), name="my-sos-tokens"),
]
