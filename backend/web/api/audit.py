"""The audit at the API, for auditors."""

from django.db.models import QuerySet
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.views import APIView

from backend.accounts.costly import SEARCHES
from backend.accounts.permissions import Declared, actor_for
from backend.audit.models import AuditRow
from backend.web.audit_pages import exported


class AuditRowSerializer(serializers.ModelSerializer[AuditRow]):
    """Who read or changed what, when and why."""

    class Meta:
        model = AuditRow
        fields = ["id", "at", "actor", "action", "subject", "resident_id", "fields", "reason"]


class QuestionSerializer(serializers.Serializer[AuditRow]):
    """By what the audit is searched."""

    actor = serializers.CharField(required=False)
    subject = serializers.CharField(required=False)
    action = serializers.ChoiceField(AuditRow.Action.choices, required=False)
    resident = serializers.UUIDField(required=False, source="resident_id")
    since = serializers.DateTimeField(required=False, source="at__gte")
    until = serializers.DateTimeField(required=False, source="at__lt")


class AuditPages(CursorPagination):
    """Newest first, 100 a page."""

    page_size = 100
    page_size_query_param = "limit"
    max_page_size = 1000
    ordering = ("-at", "-id")


@extend_schema(parameters=[QuestionSerializer])
class AuditView(ListAPIView[AuditRow]):
    """Rows of the audit."""

    resource = "audit"
    access_action = "list"
    costly = SEARCHES
    permission_classes = [Declared]
    serializer_class = AuditRowSerializer
    pagination_class = AuditPages
    queryset = AuditRow.objects.all()

    def get_queryset(self) -> QuerySet[AuditRow]:
        """The rows asked for."""
        question = QuestionSerializer(data=self.request.query_params)
        question.is_valid(raise_exception=True)
        return super().get_queryset().filter(**question.validated_data)


class PeriodSerializer(serializers.Serializer[AuditRow]):
    """Which rows: from a moment up to another, which is not included."""

    since = serializers.DateTimeField()
    until = serializers.DateTimeField()


class AuditExportView(APIView):
    """A period of the audit as one signed file; leaves a row itself."""

    resource = "audit"
    access_action = "export"
    fresh_for = {"export"}
    permission_classes = [Declared]

    @extend_schema(
        request=PeriodSerializer,
        responses={(200, "application/zip"): OpenApiResponse(OpenApiTypes.BINARY)},
    )
    def post(self, request: Request) -> FileResponse:
        """Write it and hand it out."""
        period = PeriodSerializer(data=request.data)
        period.is_valid(raise_exception=True)
        return exported(**period.validated_data, by=actor_for(request).reference)
