"""The naive peer of the ingest door: the way most would write it.

A serializer's `create` per POST in Django REST framework, served by Django's own ASGI handler.
Each message is known by a unique key, as ours is, and its sender by a token.
"""

import hashlib
import os
from typing import Any

import django
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import path
from psycopg.conninfo import conninfo_to_dict

_database = conninfo_to_dict(os.environ["DATABASE_URL"])
settings.configure(
    SECRET_KEY="only-for-the-benchmark",  # noqa: S106 - signs nothing
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    INSTALLED_APPS=["rest_framework"],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    REST_FRAMEWORK={"DEFAULT_AUTHENTICATION_CLASSES": [], "UNAUTHENTICATED_USER": None},
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": _database["dbname"],
            "USER": _database["user"],
            "HOST": _database["host"],
        }
    },
)
django.setup()

from django.db import connection, models  # noqa: E402 - the settings come first
from django.http import HttpRequest, HttpResponse  # noqa: E402
from rest_framework import exceptions, serializers  # noqa: E402
from rest_framework.generics import CreateAPIView  # noqa: E402


class NaiveDevice(models.Model):
    """A sender, as ours knows it."""

    id = models.UUIDField(primary_key=True)
    token_hash = models.CharField(max_length=64)

    class Meta:
        app_label = "naive"
        managed = False
        db_table = "devices_device"

    def __str__(self) -> str:
        return str(self.pk)


class NaiveReading(models.Model):
    """A reading, a row each."""

    device = models.ForeignKey(NaiveDevice, models.CASCADE, db_constraint=False)
    message = models.CharField(max_length=80, unique=True)
    metric = models.CharField(max_length=64)
    value = models.FloatField()
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "naive"

    def __str__(self) -> str:
        return self.metric


class ReadingSerializer(serializers.ModelSerializer[NaiveReading]):
    """One reading as it is sent."""

    id = serializers.CharField(source="message")

    class Meta:
        model = NaiveReading
        fields = ["id", "metric", "value"]


class Readings(CreateAPIView[NaiveReading]):
    """Takes one reading."""

    serializer_class = ReadingSerializer
    queryset = NaiveReading._default_manager.all()

    def perform_create(self, serializer: Any) -> None:
        """Store it for the sender whose token came with it."""
        token = self.request.headers.get("Authorization", "").removeprefix("Bearer ")
        hashed = hashlib.sha256(token.encode()).hexdigest()
        device = NaiveDevice._default_manager.filter(token_hash=hashed).first()
        if device is None:
            raise exceptions.AuthenticationFailed
        serializer.save(device=device)


def alive(_request: HttpRequest) -> HttpResponse:
    """The server is there."""
    return HttpResponse("alive")


urlpatterns = [path("healthz", alive), path("readings", Readings.as_view())]

with connection.schema_editor() as editor:
    editor.create_model(NaiveReading)
connection.close()

application = get_asgi_application()
