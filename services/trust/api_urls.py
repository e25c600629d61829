"""API addresses of services.trust."""

from django.urls import URLPattern, URLResolver, path

from services.trust import api

urlpatterns: list[URLPattern | URLResolver] = [
    path(
        "residents/<uuid:resident_id>/break-glass/",
        api.BreakGlassView.as_view(),
        name="api-break-glass",
    ),
    path("break-glass/", api.FindAndOpenView.as_view(), name="api-break-glass-find"),
    path("break-glass/reviews/", api.ReviewsView.as_view(), name="api-opening-reviews"),
    path("break-glass/<uuid:opening_id>/", api.OpeningView.as_view(), name="api-opening"),
    path(
        "break-glass/<uuid:opening_id>/close/",
        api.CloseOpeningView.as_view(),
        name="api-opening-close",
    ),
    path(
        "break-glass/<uuid:opening_id>/review/", api.ReviewView.as_view(), name="api-opening-review"
    ),
]
