"""The doors of /ws/."""

from channels.routing import URLRouter
from django.urls import path

from backend.web.consumers import BoardConsumer, MeConsumer

application = URLRouter(
    [
        path("ws/v1/board", BoardConsumer.as_asgi()),
        path("ws/v1/me", MeConsumer.as_asgi()),
    ]
)
