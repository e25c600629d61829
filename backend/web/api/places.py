"""Areas and the look-up of addresses at the API."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.costly import SEARCHES
from backend.accounts.permissions import Declared, actor_for
from backend.places import actions, geocoding
from backend.places.models import Area
from backend.web.api.people.serializers import area_field
from backend.web.api.records import ByName, RecordViewSet, forms
from backend.web.api.visible import areas_visible_to

PLACES_SHOWN, PLACES_LOOKED_AT = 5, 20


class AreaBriefSerializer(serializers.ModelSerializer[Area]):
    """An area in a list."""

    class Meta:
        model = Area
        fields = ["id", "parent", "level", "code", "path", "name"]
        read_only_fields = fields


class AreaSerializer(AreaBriefSerializer):
    """An area with its outline (GeoJSON polygon coordinates, WGS-84) and office."""

    class Meta(AreaBriefSerializer.Meta):
        fields = [*AreaBriefSerializer.Meta.fields, "polygon", "office_lat", "office_lon"]
        read_only_fields = fields


class AreaWriteSerializer(serializers.ModelSerializer[Area]):
    """A new area below another; level, code and parent stay for ever."""

    parent = area_field()  # type: ignore[assignment]  # DRF names its own link so
    polygon = serializers.JSONField(required=False, allow_null=True)

    class Meta:
        model = Area
        fields = ["parent", "level", "code", "name", "polygon"]
        validators: list[Any] = []
        """A code that is taken is refused with a code of its own."""


class AreaChangeSerializer(serializers.ModelSerializer[Area]):
    """What may change."""

    polygon = serializers.JSONField(required=False, allow_null=True)

    class Meta:
        model = Area
        fields = ["name", "polygon", "office_lat", "office_lon"]


class ByPath(ByName):
    """As the tree is written, 200 a page at most."""

    ordering = ("path",)


@forms(AreaBriefSerializer, AreaSerializer, AreaWriteSerializer)
class AreaViewSet(RecordViewSet[Area]):
    """Areas within the caller's scope."""

    model = Area
    resource = "areas"
    visible = areas_visible_to
    brief, whole, written = AreaBriefSerializer, AreaSerializer, AreaWriteSerializer
    pagination_class = ByPath
    lookup_value_regex = r"\d+"

    @extend_schema(
        parameters=[
            OpenApiParameter("parent", int),
            OpenApiParameter("level", enum=Area.Level.values),
            OpenApiParameter("outlines", bool, description="With polygons."),
        ]
    )
    def list(self, _request: Request) -> Response:
        """Areas as the tree is written."""
        page = self.paginate_queryset(self.narrowed(self.get_queryset()))
        with_outlines = self.request.query_params.get("outlines") == "true"
        form = AreaSerializer if with_outlines else AreaBriefSerializer
        return self.get_paginated_response(form(page or [], many=True).data)

    def narrowed(self, rows: QuerySet[Area]) -> QuerySet[Area]:
        """By parent and level."""
        asked = self.request.query_params
        if "parent" in asked:
            parent = asked["parent"]
            rows = rows.filter(parent=int(parent)) if parent.isdecimal() else rows.none()
        if "level" in asked:
            rows = rows.filter(level=asked["level"])
        return rows

    def shown(self, row: Area) -> dict[str, Any]:
        """Nothing about an area is sensitive."""
        return dict(AreaSerializer(row).data)

    def create(self, _request: Request) -> Response:
        """Add an area."""
        return self.created(actions.create_area(**self.body(), **self.stamp()))

    @extend_schema(request=AreaChangeSerializer, responses=AreaSerializer)
    def update(self, _request: Request, pk: str) -> Response:
        """Say name, outline and office anew."""
        return self._changed(pk, partial=False)

    @extend_schema(request=AreaChangeSerializer, responses=AreaSerializer)
    def partial_update(self, _request: Request, pk: str) -> Response:
        """Change name, outline or office."""
        return self._changed(pk, partial=True)

    def _changed(self, pk: str, *, partial: bool) -> Response:
        area = self.row(pk)
        changes = self.body(AreaChangeSerializer, partial=partial)
        return Response(self.shown(actions.change_area(area, changes=changes, **self.stamp())))

    def destroy(self, _request: Request, pk: str) -> Response:
        """Remove an area that nothing belongs to."""
        actions.delete_area(self.row(pk), **self.stamp())
        return Response(status=status.HTTP_204_NO_CONTENT)


class CandidateSerializer(serializers.Serializer[Any]):
    """A place that may be meant."""

    text = serializers.CharField()
    lat = serializers.FloatField()
    lon = serializers.FloatField()
    area = serializers.IntegerField(source="area.pk")
    source = serializers.CharField()  # type: ignore[assignment]  # DRF names its own option so


class PlaceSearchView(APIView):
    """From the words of an address to positions."""

    resource = "areas"
    access_action = "search"
    costly = SEARCHES
    permission_classes = [Declared]

    @extend_schema(
        parameters=[OpenApiParameter("q", str, required=True)],
        responses=CandidateSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Up to five places in one's area, the likeliest first."""
        found = geocoding.find_places(request.query_params.get("q", ""), limit=PLACES_LOOKED_AT)
        path = actor_for(request).area_path
        ours = [place for place in found if place.area and place.area.path.startswith(path)]
        return Response(CandidateSerializer(ours[:PLACES_SHOWN], many=True).data)
