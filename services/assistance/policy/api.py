"""Facts at the API: what other offices' systems know of residents, each with source and day."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.queries import residents_condition
from backend.core import clock
from backend.core.errors import Invalid
from backend.people.models import Resident
from services.assistance.cases.api import Doors
from services.assistance.models import KnownFact
from services.assistance.policy.actions import record_facts


class KnownFactsSerializer(serializers.Serializer[Any]):
    """Facts of one resident from one source of one day; money in fen."""

    resident = serializers.UUIDField()
    facts = serializers.DictField(child=serializers.JSONField(), allow_empty=False)
    source = serializers.CharField(max_length=120)  # type: ignore[assignment]
    as_of = serializers.DateField()


class RecordedSerializer(serializers.Serializer[Any]):
    """How many facts were kept."""

    recorded = serializers.IntegerField()


class KnownFactViewSet(Doors[KnownFact]):
    """Facts come in and are never given out here: pages show them with what they mean."""

    resource = "known-facts"
    serializer_class = KnownFactsSerializer

    def get_queryset(self) -> QuerySet[KnownFact]:
        """Nothing is listed."""
        return KnownFact.objects.none()

    @extend_schema(request=KnownFactsSerializer, responses={201: RecordedSerializer})
    def create(self, _request: Request) -> Response:
        """Keep facts of a resident, by the names of the vocabulary; nothing is overwritten."""
        body = self.body(KnownFactsSerializer)
        reached = residents_condition(self.actor, self.actor.scope("known-facts", "create"))
        resident = Resident.objects.filter(reached, pk=body["resident"]).first()
        if resident is None:
            raise Invalid(fields={"resident": ["not_found"]})
        rows = record_facts(
            resident,
            body["facts"],
            source=body["source"],
            as_of=body["as_of"],
            by=self.actor.user_id,
            now=clock.now(),
        )
        return Response({"recorded": len(rows)}, status=status.HTTP_201_CREATED)
