"""The doors of HTTP, composed by name.

They are tried in order: what calls for help and provider reports use comes first.
"""

from django.urls import include, path

api = [
    path("", include("services.emergencies.api_urls")),
    path("", include("backend.accounts.api_urls")),
    path("", include("backend.web.api.urls")),
    path("", include("backend.webhooks.api_urls")),
    path("", include("notifications.api_urls")),
    path("", include("services.alerts.api_urls")),
    path("", include("services.trust.api_urls")),
    path("", include("services.visits.api_urls")),
    path("", include("services.wellbeing.api_urls")),
    path("", include("services.assistance.api_urls")),
    path("", include("services.community.api_urls")),
    path("", include("services.rights.api_urls")),
    path("", include("devices.api_urls")),
]

urlpatterns = [
    path("api/v1/", include(api)),
    path("", include("notifications.urls")),
    path("", include("backend.runtime.urls")),
    path("", include("backend.web.urls")),
    path("", include("backend.accounts.urls")),
    path("", include("backend.webhooks.urls")),
    path("", include("services.trust.urls")),
    path("", include("services.emergencies.urls")),
    path("", include("services.visits.urls")),
    path("", include("services.wellbeing.urls")),
    path("", include("services.assistance.urls")),
    path("", include("services.community.urls")),
    path("", include("services.rights.urls")),
    path("", include("devices.urls")),
]

handler400 = "backend.web.error_pages.bad_request"
handler403 = "backend.web.error_pages.forbidden"
handler404 = "backend.web.error_pages.not_found"
handler500 = "backend.web.error_pages.server_error"
