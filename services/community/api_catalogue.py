"""Services and providers at the API."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from backend.core import clock
from backend.core.errors import Invalid
from services.community import actions
from services.community.actions import Offering, Opening
from services.community.api_base import ByKey, Doors, narrowed
from services.community.models import Provider, Service
from services.community.queries import own_area, providers_visible_to, services_visible_to
from services.community.serializers import ProviderSerializer, ServiceSerializer


class ByPlace(ByKey):
    """In the order of the catalogue."""

    ordering = ("place", "name", "pk")


class ServiceViewSet(Doors[Service]):
    """What can be ordered."""

    resource = "services"
    serializer_class = ServiceSerializer
    pagination_class = ByPlace

    def get_queryset(self) -> QuerySet[Service]:
        """Services that the actor reaches for the action asked."""
        if getattr(self, "swagger_fake_view", False):
            return Service.objects.none()
        return services_visible_to(self.actor, self.asked)

    @extend_schema(
        parameters=[OpenApiParameter("category", enum=Service.Category.values)],
        responses=ServiceSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        """The catalogue."""
        rows = narrowed(self.get_queryset(), request.query_params, texts="category")
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(ServiceSerializer(page or [], many=True).data)

    def retrieve(self, _request: Request, pk: str) -> Response:
        """One service."""
        return Response(ServiceSerializer(get_object_or_404(self.get_queryset(), pk=pk)).data)

    @extend_schema(responses={201: ServiceSerializer})
    def create(self, _request: Request) -> Response:
        """Add one to the catalogue of one's area."""
        made = actions.save_service(
            area=own_area(self.actor),
            details=self.sent(ServiceSerializer),
            by=self.by,
            now=clock.now(),
        )
        return Response(ServiceSerializer(made).data, status=status.HTTP_201_CREATED)

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change one."""
        service = get_object_or_404(self.get_queryset(), pk=pk)
        form = ServiceSerializer(service, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        changed = actions.save_service(
            area=service.area,
            details=form.validated_data,
            service=service,
            by=self.by,
            now=clock.now(),
        )
        return Response(ServiceSerializer(changed).data)


class ByName(ByKey):
    """By name."""

    ordering = ("name", "pk")


class ProviderViewSet(Doors[Provider]):
    """Who brings what is ordered."""

    resource = "providers"
    serializer_class = ProviderSerializer
    pagination_class = ByName

    def get_queryset(self) -> QuerySet[Provider]:
        """Providers that the actor reaches for the action asked."""
        if getattr(self, "swagger_fake_view", False):
            return Provider.objects.none()
        found = providers_visible_to(self.actor, self.asked)
        return found.prefetch_related("opening_hours", "service_offers", "serves")

    def list(self, _request: Request) -> Response:
        """Providers by name."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(ProviderSerializer(page or [], many=True).data)

    def retrieve(self, _request: Request, pk: str) -> Response:
        """One provider."""
        return Response(ProviderSerializer(get_object_or_404(self.get_queryset(), pk=pk)).data)

    @extend_schema(responses={201: ProviderSerializer})
    def create(self, _request: Request) -> Response:
        """Add one."""
        made = self._save(self.sent(ProviderSerializer), None)
        return Response(ProviderSerializer(made).data, status=status.HTTP_201_CREATED)

    def update(self, _request: Request, pk: str) -> Response:
        """Let one be exactly so."""
        provider = get_object_or_404(self.get_queryset(), pk=pk)
        saved = self._save(self.sent(ProviderSerializer), provider)
        return Response(ProviderSerializer(saved).data)

    def _save(self, sent: dict[str, Any], provider: Provider | None) -> Provider:
        self._require_own(sent)
        saved = actions.save_provider(
            area=provider.area if provider else own_area(self.actor),
            name=sent["name"],
            phone=sent["phone"],
            serves=sent["serves"],
            hours=[Opening(**each) for each in sent["opening_hours"]],
            offerings=[Offering(**each) for each in sent["service_offers"]],
            active=sent.get("active", True),
            provider=provider,
            by=self.by,
            now=clock.now(),
        )
        return Provider.objects.get(pk=saved.pk)

    def _require_own(self, sent: dict[str, Any]) -> None:
        """Allow areas and services of one's own area.

        Raises:
            Invalid: one is elsewhere.
        """
        if any(not each.path.startswith(self.actor.area_path) for each in sent["serves"]):
            raise Invalid(fields={"serves": ["unknown"]})
        own = set(services_visible_to(self.actor, "list").values_list("pk", flat=True))
        if any(each["service"].pk not in own for each in sent["service_offers"]):
            raise Invalid(fields={"service_offers": ["unknown"]})
