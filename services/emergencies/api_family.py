"""The family's day at a glance at the API, as their page shows it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.permissions import Declared, actor_for
from backend.core import clock
from backend.people.models import Resident
from backend.web.today import Shown, Sign
from services.emergencies.models import EmergencyCall
from services.emergencies.queries import calls_visible_to
from services.emergencies.today import day_of


class FactSerializer(serializers.Serializer[Any]):
    """One fact of a day; what is not shared has no text."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment] # DRF uses the name itself
    shared = serializers.BooleanField()
    text = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)
    sign = serializers.ChoiceField([*Sign, ""])


class FamilyDaySerializer(serializers.Serializer[Any]):
    """One resident's day: a sentence, then facts; `call` is a call for help that runs."""

    resident = serializers.UUIDField()
    name = serializers.CharField()
    sentence = serializers.CharField()
    facts = FactSerializer(many=True)
    call = serializers.UUIDField(allow_null=True)


class FamilyTodayView(APIView):
    """The residents of whom the account is a contact."""

    resource = "family-today"
    access_action = "read"
    permission_classes = [Declared]

    @extend_schema(responses=FamilyDaySerializer(many=True))
    def get(self, request: Request) -> Response:
        """Each resident's day, strictly by what they share at this moment."""
        actor, now = actor_for(request), clock.now()
        residents = Resident.objects.filter(pk__in=actor.household_resident_ids)
        running = dict(
            calls_visible_to(actor, "list")
            .filter(kind=EmergencyCall.Kind.EMERGENCY)
            .exclude(state=EmergencyCall.State.RESOLVED)
            .values_list("resident", "pk")
        )
        days = []
        for resident in residents.order_by("name", "pk"):
            day = day_of(actor, resident, now=now)
            days.append(
                {
                    "resident": resident.pk,
                    "name": day.who,
                    "sentence": day.sentence,
                    "facts": [_fact(shown) for shown in day.facts],
                    "call": running.get(resident.pk),
                }
            )
        headers = {"Cache-Control": "private, no-store"}
        return Response(FamilyDaySerializer(days, many=True).data, headers=headers)


def _fact(shown: Shown) -> dict[str, Any]:
    fact = shown.fact
    return {
        "name": shown.name,
        "label": str(shown.label),
        "shared": shown.is_shared,
        "text": fact.text if fact else "",
        "at": fact.at if fact else None,
        "sign": fact.sign if fact else "",
    }
