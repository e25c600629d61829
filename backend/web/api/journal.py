"""The journal at the API: what happened, by cursor."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.permissions import Declared, actor_for
from backend.core import journal
from backend.core.models import JournalEvent

USUAL, MOST = 200, 1000


class CursorSerializer(serializers.Serializer[JournalEvent]):
    """Where to read on, and how much."""

    since = serializers.IntegerField(min_value=0, default=0)
    limit = serializers.IntegerField(min_value=1, max_value=MOST, default=USUAL)


class EventSerializer(serializers.Serializer[JournalEvent]):
    """One event, in the form that sockets push."""

    seq = serializers.IntegerField()
    prev = serializers.IntegerField()
    type = serializers.CharField()
    at = serializers.DateTimeField()
    id = serializers.CharField()
    data = serializers.DictField()  # type: ignore[assignment]


class JournalPageSerializer(serializers.Serializer[JournalEvent]):
    """Events in order; `last` is the `since` of the next request."""

    events = EventSerializer(many=True)
    last = serializers.IntegerField()


class JournalView(APIView):
    """Events that the caller may see, in the order of their numbers."""

    resource = "journal"
    access_action = "read"
    permission_classes = [Declared]

    @extend_schema(parameters=[CursorSerializer], responses=JournalPageSerializer)
    def get(self, request: Request) -> Response:
        """Events after `since`; reading on from `last` skips none and repeats none."""
        cursor = CursorSerializer(data=request.query_params)
        cursor.is_valid(raise_exception=True)
        since, limit = cursor.validated_data["since"], cursor.validated_data["limit"]
        return Response(read(actor_for(request).viewpoint(), since=since, limit=limit))


def read(viewpoint: journal.Viewpoint, *, since: int, limit: int) -> dict[str, Any]:
    """One page of the journal for a viewer."""
    head = journal.last_seq()
    events = list(journal.since(since, viewpoint=viewpoint)[:limit])
    seen = (events[-1].seq or 0) if events else since
    last = seen if len(events) == limit else max(head, seen)
    return {"events": list(journal.chained(events, after=since)), "last": last}
