"""The audit at the API, for auditors."""

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.filters import BaseFilterBackend
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.views import APIView

from backend.accounts.permissions import Declared
from backend.audit.models import AuditRow


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


class AuditQuestion(BaseFilterBackend):
    """Filters by the query's parameters."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[AuditRow], _view: APIView
    ) -> QuerySet[AuditRow]:
        """The rows asked for."""
        question = QuestionSerializer(data=request.query_params)
        question.is_valid(raise_exception=True)
        return queryset.filter(**question.validated_data)


class AuditPages(CursorPagination):
    """Newest first, 100 a page."""

    page_size = 100
    page_size_query_param = "limit"
    max_page_size = 1000
    ordering = ("-at", "-id")


class AuditView(ListAPIView[AuditRow]):
    """Rows of the audit."""

    resource = "audit"
    access_action = "list"
    permission_classes = [Declared]
    serializer_class = AuditRowSerializer
    pagination_class = AuditPages
    filter_backends = [AuditQuestion]
    queryset = AuditRow.objects.all()
