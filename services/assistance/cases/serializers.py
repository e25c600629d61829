"""Cases at the API: what is shown and what is taken."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from backend.web.api.told import ToldByRole
from services.assistance.cases import workdays
from services.assistance.cases.procedures import PAPER_CHOICES
from services.assistance.models import (
    AssistanceCase,
    CaseDocument,
    CaseEvent,
    Deadline,
    Holiday,
    HomeVisit,
    Letter,
    Opinion,
    VisitStaff,
)
from services.assistance.models.cases import Benefit

Plain = serializers.Serializer[Any]
NOTE_MAX = 500


class DeadlineSerializer(serializers.ModelSerializer[Deadline]):
    """A clock, and how many days are left."""

    left = serializers.SerializerMethodField()

    class Meta:
        model = Deadline
        fields = [
            "kind",
            "unit",
            "days",
            "article",
            "started_at",
            "ends_on",
            "paused_at",
            "pause_reason",
            "extension_reason",
            "left",
        ]

    def get_left(self, deadline: Deadline) -> int:
        """Days left after today, by its own kind of days."""
        return workdays.current().left(timezone.localdate(), deadline.ends_on, deadline.unit)


class DocumentSerializer(serializers.ModelSerializer[CaseDocument]):
    """A paper of the checklist."""

    class Meta:
        model = CaseDocument
        fields = ["kind", "is_fetched", "received_at"]


class CaseEventSerializer(serializers.ModelSerializer[CaseEvent]):
    """A line of the history."""

    class Meta:
        model = CaseEvent
        fields = ["at", "event", "source", "target", "by_name"]


class OpinionSerializer(serializers.ModelSerializer[Opinion]):
    """What was proposed and what became of it."""

    class Meta:
        model = Opinion
        fields = [
            "kind",
            "household_size",
            "amount_fen",
            "grounds",
            "articles",
            "written_by",
            "written_at",
            "outcome",
            "confirmed_by",
            "confirmed_at",
        ]


class LetterSerializer(serializers.ModelSerializer[Letter]):
    """A letter."""

    class Meta:
        model = Letter
        fields = ["number", "code", "issued_at"]


class CaseSerializer(ToldByRole, serializers.ModelSerializer[AssistanceCase]):
    """A case in lists, and for its applicant."""

    next_ends_at = serializers.DateTimeField(read_only=True, allow_null=True, default=None)

    class Meta:
        model = AssistanceCase
        fields = [
            "id",
            "number",
            "resident",
            "area",
            "benefit",
            "state",
            "channel",
            "opened_at",
            "accepted_at",
            "decided_at",
            "entitled_from",
            "owner",
            "next_ends_at",
        ]


class WholeCaseSerializer(CaseSerializer):
    """The whole file, for officers."""

    deadlines = serializers.SerializerMethodField()
    documents = DocumentSerializer(many=True)
    events = CaseEventSerializer(many=True)
    opinions = OpinionSerializer(many=True)
    letters = LetterSerializer(many=True)

    class Meta(CaseSerializer.Meta):
        fields = [
            *CaseSerializer.Meta.fields,
            "household_size",
            "amount_fen",
            "relative_of_staff",
            "is_special",
            "is_delegated",
            "data_conforms",
            "entitled_until",
            "deadlines",
            "documents",
            "events",
            "opinions",
            "letters",
        ]

    def get_deadlines(self, case: AssistanceCase) -> list[dict[str, Any]]:
        """The clocks that run or are paused."""
        rows = case.deadlines.filter(stopped_at=None).order_by("ends_at")
        return list(DeadlineSerializer(rows, many=True).data)


class VisitStaffSerializer(serializers.ModelSerializer[VisitStaff]):
    """One of those who visit."""

    class Meta:
        model = VisitStaff
        fields = ["user", "signed_at", "lat", "lon"]


class HomeVisitSerializer(serializers.ModelSerializer[HomeVisit]):
    """A home visit."""

    staff = VisitStaffSerializer(many=True)

    class Meta:
        model = HomeVisit
        fields = [
            "id",
            "case",
            "is_county",
            "way",
            "way_reason",
            "planned_at",
            "household_size",
            "findings",
            "household_signed_by",
            "household_signed_at",
            "done_at",
            "staff",
        ]


class HolidaySerializer(serializers.ModelSerializer[Holiday]):
    """A day that is not as its weekday says."""

    class Meta:
        model = Holiday
        fields = ["id", "date", "is_workday", "name", "source"]


class OpenSerializer(Plain):
    """An application."""

    resident = serializers.UUIDField()
    benefit = serializers.ChoiceField(Benefit.choices)
    household_size = serializers.IntegerField(min_value=1, max_value=30, default=1)
    is_unstable = serializers.BooleanField(default=False)
    is_delegated = serializers.BooleanField(default=False)
    relative_of_staff = serializers.CharField(default="", allow_blank=True, max_length=120)
    permits_data_checks = serializers.BooleanField(default=False)


class RemarkSerializer(Plain):
    """Words, where they may be left out."""

    note = serializers.CharField(default="", allow_blank=True, max_length=NOTE_MAX)


class ReasonSerializer(Plain):
    """Words that are needed."""

    note = serializers.CharField(max_length=NOTE_MAX)


class PaperSerializer(Plain):
    """Which paper came in."""

    kind = serializers.ChoiceField(PAPER_CHOICES)


class DataSerializer(RemarkSerializer):
    """What the data check found."""

    conforms = serializers.BooleanField()


class PlanVisitSerializer(Plain):
    """Who visits, when and how."""

    staff = serializers.ListField(child=serializers.UUIDField(), min_length=2, max_length=6)
    planned_at = serializers.DateTimeField()
    way = serializers.ChoiceField(HomeVisit.Way.choices, default=HomeVisit.Way.HOME)
    way_reason = serializers.CharField(default="", allow_blank=True, max_length=200)


class FillVisitSerializer(Plain):
    """What was seen."""

    household_size = serializers.IntegerField(min_value=1, max_value=30)
    findings = serializers.CharField(max_length=4000)
    household_signed_by = serializers.CharField(default="", allow_blank=True, max_length=60)


class SignSerializer(Plain):
    """Where somebody signs, WGS-84."""

    lat = serializers.FloatField(default=None, allow_null=True)
    lon = serializers.FloatField(default=None, allow_null=True)


class ProposeSerializer(RemarkSerializer):
    """An opinion."""

    kind = serializers.ChoiceField(Opinion.Kind.choices)
    household_size = serializers.IntegerField(min_value=1, max_value=30)
    amount_fen = serializers.IntegerField(min_value=0, default=None, allow_null=True)
    grounds = serializers.ListField(child=serializers.CharField(), default=list)


class AppealDecisionSerializer(ReasonSerializer):
    """How an appeal ended."""

    is_upheld = serializers.BooleanField()


class ClockSerializer(Plain):
    """Which clock."""

    clock = serializers.CharField(max_length=16)


class PauseSerializer(ClockSerializer):
    """Which clock, and why it stands still."""

    reason = serializers.CharField(max_length=200)


class ExtendSerializer(PauseSerializer):
    """How long a limit is now in all."""

    days = serializers.IntegerField(min_value=1, max_value=400)
