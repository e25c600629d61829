"""What is known of residents, what officers entered of the law, and judgements as they are kept."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backend.core.fields import EncryptedTextField
from backend.core.models import Leased, new_id
from backend.people.models import Resident


class AnswerChoice(models.TextChoices):
    """What the rules say, as `policy.answers`."""

    YES = "yes", _("meets the conditions")
    NO = "no", _("does not meet the conditions")
    UNKNOWN = "unknown", _("not known")


class KnownFact(models.Model):
    """A fact about a resident or their household, with its source and day; only ever appended.

    The newest by day counts. Names and kinds are those of `policy/vocabulary.yaml`.
    """

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="known_facts")
    name = models.CharField(max_length=40)
    value = EncryptedTextField()
    """JSON."""
    source = models.CharField(max_length=120)
    as_of = models.DateField()
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    """Null where another office's data came in by themselves."""
    entered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["resident", "name", "-as_of"], name="known_fact_newest")]
        ordering = ["resident", "name", "-as_of", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} {self.as_of}"


class EnteredParameter(models.Model):
    """A value of the law that an officer entered and, before it counts, another confirmed."""

    class Level(models.TextChoices):
        NATION = "nation", _("nation")
        PROVINCE = "province", _("province")
        CITY = "city", _("city")
        DISTRICT = "district", _("district")

    level = models.CharField(max_length=8, choices=Level.choices)
    code = models.CharField(max_length=12, blank=True)
    """Of a district: the code of its area."""
    name = models.CharField(max_length=40)
    value = models.JSONField()
    since = models.DateField()
    until = models.DateField(null=True)
    source = models.CharField(max_length=200)
    """Title and number of the document."""
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["level", "code", "name", "since"], name="parameter_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("entered_by")),
                name="nobody_confirms_their_own_parameter",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="parameter_has_a_source"),
        ]
        ordering = ["name", "-since"]

    def __str__(self) -> str:
        return f"{self.name} {self.since}"


class Ruling(models.Model):
    """A judgement kept with a decision: rule, facts, parameters and answer, never changed.

    Whoever asks years later sees the same (`policy.snapshots.recall`).
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="rulings")
    benefit = models.CharField(max_length=20)
    day = models.DateField()
    answer = models.CharField(max_length=8, choices=AnswerChoice.choices)
    amount_fen = models.BigIntegerField(null=True)
    content = EncryptedTextField()
    hash = models.CharField(max_length=64)
    """SHA-256 of the content."""
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "pk"]

    def __str__(self) -> str:
        return f"{self.benefit} {self.day} {self.answer}"


class Screening(Leased):
    """What the rules say of each resident for each benefit, looked at again when it is due."""

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="screenings")
    benefit = models.CharField(max_length=20)
    answer = models.CharField(
        max_length=8, choices=AnswerChoice.choices, default=AnswerChoice.UNKNOWN
    )
    amount_fen = models.BigIntegerField(null=True)
    missing = ArrayField(models.CharField(max_length=40), default=list)
    screened_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resident", "benefit"], name="screening_once")
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="screening_due"
            ),
            models.Index(fields=["benefit", "answer"], name="screening_answer"),
        ]

    def __str__(self) -> str:
        return f"{self.benefit} {self.answer}"
