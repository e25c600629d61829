"""Webhooks at the API, for the system's administrator."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.core import clock
from backend.web.api.records import ByKey, RecordViewSet, forms
from backend.webhooks import actions, queries
from backend.webhooks.models import Notice, Webhook

NOTICES_SHOWN = 200


class WebhookSerializer(serializers.ModelSerializer[Webhook]):
    """A system that is told of events."""

    class Meta:
        model = Webhook
        fields = ["id", "label", "url", "types", "active", "failing_since", "created_at"]


class WithSecretSerializer(WebhookSerializer):
    """The same with the secret, shown this once."""

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]


class WebhookWishSerializer(serializers.Serializer[Any]):
    """What a system is to be told, and where."""

    label = serializers.CharField(max_length=60)  # type: ignore[assignment]
    url = serializers.CharField(max_length=500)
    types = serializers.ListField(child=serializers.CharField(max_length=60), min_length=1)
    active = serializers.BooleanField(default=True)


class NoticeSerializer(serializers.ModelSerializer[Notice]):
    """One event that a system was told, or is to be."""

    class Meta:
        model = Notice
        fields = ["id", "seq", "type", "at", "subject", "state", "tries", "tried_at", "answer"]


class RevivedSerializer(serializers.Serializer[Any]):
    """How many notices are told once more."""

    notices = serializers.IntegerField()


@forms(WebhookSerializer, WebhookSerializer, WebhookWishSerializer)
class WebhookViewSet(RecordViewSet[Webhook]):
    """Systems that are told of the events of an area, by signed requests without personal data."""

    model = Webhook
    resource = "webhooks"
    visible = queries.webhooks_visible_to
    brief = whole = WebhookSerializer
    written = WebhookWishSerializer
    pagination_class = ByKey

    @extend_schema(responses={201: WithSecretSerializer})
    def create(self, _request: Request) -> Response:
        """Tell one more system; the secret is in this answer and never again."""
        wish, _active = self._wish()
        made = actions.subscribe(area=queries.area_of(self.actor), wish=wish, **self.stamp())
        return Response(WithSecretSerializer(made).data, status=status.HTTP_201_CREATED)

    def update(self, _request: Request, pk: str) -> Response:
        """Say anew what it is told, and whether."""
        webhook = self.row(pk)
        wish, active = self._wish()
        changed = actions.change(webhook, wish=wish, active=active, **self.stamp())
        return Response(WebhookSerializer(changed).data)

    def destroy(self, _request: Request, pk: str) -> Response:
        """Tell it nothing any more."""
        actions.remove(self.row(pk), **self.stamp())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=WithSecretSerializer)
    @action(detail=True, methods=["post"])
    def rotate(self, _request: Request, pk: str) -> Response:
        """A new secret, in this answer and never again; the old one signs beside it for a day."""
        return Response(
            WithSecretSerializer(actions.rotate_secret(self.row(pk), **self.stamp())).data
        )

    @extend_schema(responses=NoticeSerializer(many=True))
    @action(detail=True, methods=["get"], url_path="notices", pagination_class=None)
    def notices(self, _request: Request, pk: str) -> Response:
        """What it was told lately, the newest first."""
        found = self.row(pk).notices.order_by("-seq")[:NOTICES_SHOWN]
        return Response(NoticeSerializer(found, many=True).data)

    @extend_schema(request=None, responses=RevivedSerializer)
    @action(detail=True, methods=["post"], url_path="try-again")
    def try_again(self, _request: Request, pk: str) -> Response:
        """Tell what was given up once more."""
        revived = actions.try_again(self.row(pk), by=self.actor.reference, now=clock.now())
        return Response(RevivedSerializer({"notices": revived}).data)

    def _wish(self) -> tuple[actions.Wish, bool]:
        said = self.body()
        return actions.Wish(said["label"], said["url"], said["types"]), said["active"]
