"""Records opened in an emergency, and residents' questions why somebody looked."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import User
from backend.core.fields import EncryptedTextField
from backend.core.models import Leased, new_id
from backend.people.models import Resident

CEILING = timedelta(minutes=60)
"""No record stays open longer, whatever the settings say; held by the database."""


class RecordOpening(Leased):
    """Somebody of the staff opens the record of a resident who is not theirs, for a reason.

    Open until `until_at` of the database's clock, or until they close it. `due_at` is when it
    ends; afterwards, when the review that nobody has made climbs.
    """

    class Kind(models.TextChoices):
        """Why; told to the person in these words, and never what was typed."""

        DANGER = "danger", _("somebody may be in danger")
        FOUND = "found", _("somebody was found who needs help")
        ASKED = "asked", _("a hospital or the police asked in an emergency")
        STANDING_IN = "standing_in", _("standing in for the person in charge")

    class Verdict(models.TextChoices):
        JUSTIFIED = "justified", _("it was right")
        NOT_JUSTIFIED = "not_justified", _("it was not right")

    id = models.UUIDField(primary_key=True, default=new_id)
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="openings")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    """Who opened it."""
    kind = models.CharField(max_length=12, choices=Kind.choices)
    reason = EncryptedTextField()
    opened_at = models.DateTimeField()
    until_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    """When they closed it themselves, before its end."""
    told_at = models.DateTimeField(null=True)
    """When the message to the person or their guardian was owed."""
    verdict = models.CharField(max_length=14, choices=Verdict.choices, blank=True)
    note = EncryptedTextField(blank=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    climbs = models.PositiveIntegerField(default=0)
    """How often somebody above was told that nobody has reviewed it."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_at__gt=F("opened_at"), until_at__lte=F("opened_at") + CEILING),
                name="opening_ends_within_the_hour",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("user")),
                name="opening_reviewed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(verdict="", reviewed_at=None, due_at__isnull=False)
                | (~Q(verdict="") & Q(reviewed_at__isnull=False, reviewed_by__isnull=False)),
                name="opening_is_reviewed_or_due",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="opening_due"),
            models.Index(fields=["resident", "-opened_at"], name="opening_resident"),
        ]
        ordering = ["-opened_at", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.opened_at}"

    @property
    def reference(self) -> str:
        """How journal, audit and deliveries name this opening."""
        return f"opening:{self.pk}"

    @property
    def ended_at(self) -> datetime:
        """When it ends, or has ended."""
        return min(self.closed_at or self.until_at, self.until_at)

    def is_open(self, now: datetime) -> bool:
        """Whether the record may be read by it now."""
        return self.opened_at <= now < self.ended_at


class LookQuestion(Leased):
    """A resident, or their guardian, asks why somebody looked at their record on a day.

    While it is not answered, `due_at` is when it climbs to the next person.
    """

    class Because(models.TextChoices):
        """Answers in plain words; these may be written and said to the person."""

        CALL = "call", _("They looked after a call for help of yours.")
        CARE = "care", _("They prepared or checked your care.")
        PAPERS = "papers", _("They worked on something you applied for or ordered.")
        QUALITY = "quality", _("They checked the work of a colleague.")
        MISTAKE = "mistake", _("It was a mistake. We are sorry, and have spoken with them.")
        WRONG = "wrong", _("It was not right. We are sorry, and see to it that it ends.")

    id = models.UUIDField(primary_key=True, default=new_id)
    resident = models.ForeignKey(Resident, models.CASCADE, related_name="look_questions")
    looked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    looked_on = models.DateField()
    asked_by = models.CharField(max_length=80)
    """ "resident:<uuid>", or their guardian as "contact:<uuid>"."""
    asked_at = models.DateTimeField()
    answer_by_at = models.DateTimeField()
    because = models.CharField(max_length=8, choices=Because.choices, blank=True)
    answer = EncryptedTextField(blank=True)
    """What is said beyond that, on their page only."""
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    climbs = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "looked_by", "looked_on"], name="look_question_once"
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("looked_by")),
                name="look_question_answered_by_another",
            ),
            models.CheckConstraint(
                condition=Q(because="", answered_at=None, due_at__isnull=False)
                | (~Q(because="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="look_question_is_answered_or_due",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="look_question_due"
            )
        ]
        ordering = ["answer_by_at", "pk"]

    def __str__(self) -> str:
        return f"{self.resident_id} {self.looked_on}"

    @property
    def reference(self) -> str:
        """How journal, audit and deliveries name this question."""
        return f"look-question:{self.pk}"
