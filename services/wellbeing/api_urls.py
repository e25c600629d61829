"""API addresses of services.wellbeing."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from services.wellbeing.api import OccurrenceViewSet, OkDayViewSet, ReminderViewSet
from services.wellbeing.api_welfare import (
    AreaEventViewSet,
    NobodyForgottenViewSet,
    WatchedView,
    WelfareContactViewSet,
)

router = SimpleRouter()
router.register("reminders", ReminderViewSet, basename="reminder")
router.register("occurrences", OccurrenceViewSet, basename="occurrence")
router.register("ok-days", OkDayViewSet, basename="ok-day")
router.register("nobody-forgotten", NobodyForgottenViewSet, basename="nobody-forgotten")
router.register("welfare-contacts", WelfareContactViewSet, basename="welfare-contact")
router.register("area-events", AreaEventViewSet, basename="area-event")

urlpatterns: list[URLPattern | URLResolver] = [
    path(
        "nobody-forgotten/<uuid:resident_id>/assign/", WatchedView.as_view(), name="watched-assign"
    ),
    path("", include(router.urls)),
]
