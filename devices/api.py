"""The registry of devices at the API."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.people.models import Household, Resident
from backend.web.api.people.homes import of_resident
from backend.web.api.people.serializers import Reachable
from backend.web.api.records import ByKey, RecordViewSet, forms
from devices import actions, queries
from devices.adapters import ADAPTERS
from devices.models import Device


class DeviceSerializer(serializers.ModelSerializer[Device]):
    """A device, without its token."""

    class Meta:
        model = Device
        fields = [
            "id",
            "kind",
            "label",
            "room",
            "adapter",
            "external_id",
            "model",
            "firmware",
            "gateway",
            "household",
            "resident",
            "active",
            "online",
            "battery_percent",
            "last_seen_at",
            "created_at",
        ]


class DeviceWithTokenSerializer(DeviceSerializer):
    """A device with its token, shown this once."""

    token = serializers.CharField(read_only=True)

    class Meta(DeviceSerializer.Meta):
        fields = [*DeviceSerializer.Meta.fields, "token"]


class TokenSerializer(serializers.Serializer[Any]):
    """A new token, shown this once."""

    token = serializers.CharField()


class DeviceWriteSerializer(serializers.ModelSerializer[Device]):
    """What is said of a device."""

    adapter = serializers.ChoiceField(choices=[*ADAPTERS], required=False, allow_blank=True)
    household = Reachable(queries.homes_to_equip, queryset=Household.objects.all())
    resident = Reachable(
        queries.residents_to_equip,
        queryset=Resident.objects.all(),
        required=False,
        allow_null=True,
    )
    gateway = Reachable(
        queries.gateways_to_use,
        queryset=Device.objects.filter(kind=Device.Kind.GATEWAY),
        required=False,
        allow_null=True,
    )

    class Meta:
        model = Device
        fields = [
            "kind",
            "label",
            "room",
            "adapter",
            "external_id",
            "model",
            "firmware",
            "gateway",
            "household",
            "resident",
            "active",
        ]
        validators: list[Any] = []
        """The action and the database refuse a name twice; their answer has a code of its own."""


@forms(DeviceSerializer, DeviceSerializer, DeviceWriteSerializer)
class DeviceViewSet(RecordViewSet[Device]):
    """Devices of the homes within the caller's scope."""

    model = Device
    resource = "devices"
    visible = queries.devices_visible_to
    brief = whole = DeviceSerializer
    written = DeviceWriteSerializer
    pagination_class = ByKey

    @extend_schema(
        parameters=[
            OpenApiParameter("household", UUID),
            OpenApiParameter("resident", UUID),
            OpenApiParameter("kind", enum=Device.Kind.values),
        ]
    )
    def list(self, request: Request) -> Response:
        """Devices in a fixed order."""
        return super().list(request)

    def narrowed(self, rows: QuerySet[Device]) -> QuerySet[Device]:
        """By home, resident and kind."""
        asked = self.request.query_params
        if "kind" in asked:
            rows = rows.filter(kind=asked["kind"])
        return of_household(of_resident(rows, self.request), self.request)

    @extend_schema(responses={201: DeviceWithTokenSerializer})
    def create(self, _request: Request) -> Response:
        """Add a device; its token is in this answer and never again."""
        device, token = actions.register_device(**self.body(), **self.stamp())
        told = {**DeviceSerializer(device).data, "token": token}
        return Response(told, status=status.HTTP_201_CREATED)

    def update(self, _request: Request, pk: str) -> Response:
        """Say everything about a device anew."""
        return self._changed(pk, partial=False)

    def partial_update(self, _request: Request, pk: str) -> Response:
        """Change some of it; `active: false` silences it within seconds."""
        return self._changed(pk, partial=True)

    def _changed(self, pk: str, *, partial: bool) -> Response:
        device = self.row(pk)
        changed = actions.change_device(device, **self.body(partial=partial), **self.stamp())
        return Response(DeviceSerializer(changed).data)

    def destroy(self, _request: Request, pk: str) -> Response:
        """Take it out of the registry."""
        actions.remove_device(self.row(pk), **self.stamp())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=TokenSerializer)
    @action(detail=True, methods=["post"])
    def token(self, _request: Request, pk: str) -> Response:
        """Give it a new token, in this answer and never again; the old one ends."""
        return Response({"token": actions.rotate_token(self.row(pk), **self.stamp())})


def of_household(rows: QuerySet[Device], request: Request) -> QuerySet[Device]:
    """The devices of the home that `?household=` names."""
    asked = request.query_params.get("household")
    if asked is None:
        return rows
    try:
        return rows.filter(household=UUID(asked))
    except ValueError:
        return rows.none()
