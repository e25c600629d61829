"""What people ask about their own data, the copies prepared for them, and what stays on hold.

Source: Personal Information Protection Law, articles 24 and 44 to 50.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from backend.core.fields import EncryptedTextField
from backend.core.models import Leased, new_id
from backend.people.models import Contact, Language, Resident
from backend.places.models import Area


class RightsRequest(Leased):
    """Somebody asks for what the law lets them ask; due until it is answered or its limit ends."""

    class Kind(models.TextChoices):
        COPY = "copy", _("copy of the data")
        CORRECT = "correct", _("correction")
        DELETE = "delete", _("deletion")
        FREEZE = "freeze", _("keep it, but use it no more")
        EXPLAIN = "explain", _("explanation")
        REVIEW = "review", _("second look by a person")

    class Asker(models.TextChoices):
        RESIDENT = "resident", _("the person themselves")
        GUARDIAN = "guardian", _("their guardian")
        KIN = "kin", _("close kin of somebody who died")

    class Channel(models.TextChoices):
        APP = "app", _("in the app")
        PHONE = "phone", _("by telephone")
        COUNTER = "counter", _("at the counter")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("a request", "received")
        APPROVED = "approved", _("approved, a second person confirms")
        PREPARING = "preparing", _("being prepared")
        DONE = "done", pgettext_lazy("a request", "done")
        REFUSED = "refused", pgettext_lazy("a request", "refused")
        WITHDRAWN = "withdrawn", _("taken back")

    LIVE = (State.OPEN, State.APPROVED, State.PREPARING)
    TWO_PEOPLE = (Kind.DELETE,)
    """What is done only once a second person has confirmed it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="rights_requests")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    asker = models.CharField(max_length=8, choices=Asker.choices)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+")
    """The guardian, or kin who are known here as a contact."""
    name = EncryptedTextField(blank=True)
    phone = EncryptedTextField(blank=True)
    language = models.CharField(max_length=8, choices=Language.choices, default=Language.ZH)
    relation = models.CharField(max_length=12, choices=Contact.Relation.choices, blank=True)
    proof = EncryptedTextField(blank=True)
    """Kin: by which paper they are known to be kin, and what they need it for."""
    channel = models.CharField(max_length=8, choices=Channel.choices)
    asked_by = models.CharField(max_length=80)
    """The account, "user:<uuid>"; whoever took it down where it was told."""
    asked_at = models.DateTimeField()
    about = models.CharField(max_length=80, blank=True)
    """What it is about: a field ("phone"), a decision ("screening:12"); "" for everything."""
    words = EncryptedTextField(blank=True)
    """In their own words; of a correction, what would be right."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    limit = models.JSONField(default=dict)
    """As it stood on the first day: {"days", "basis"} (`limits`)."""
    ends_at = models.DateTimeField()
    """It has to be answered before."""
    overdue_since = models.DateTimeField(null=True)
    answer = EncryptedTextField(blank=True)
    """What the asker is told."""
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "kind", "about", "asked_by"],
                condition=Q(state__in=("open", "approved", "preparing")),
                name="rights_request_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("done", "refused", "withdrawn"))
                | Q(due_at__isnull=False)
                | Q(overdue_since__isnull=False),
                name="rights_request_live_is_due_or_overdue",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("decided_by")),
                name="rights_request_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="done", kind="delete") | Q(confirmed_by__isnull=False),
                name="rights_request_two_people_delete",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("done", "refused")) | Q(decided_by__isnull=False),
                name="rights_request_decided_by_a_person",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="rights_request_due"
            ),
            models.Index(fields=["area", "state", "ends_at"], name="rights_request_board"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def reference(self) -> str:
        """How journal, audit and deliveries name it."""
        return f"rights-request:{self.pk}"

    @property
    def limit_basis(self) -> str:
        """What the limit rests on, in the reader's language."""
        in_english = (get_language() or "").startswith("en")
        basis: str = self.limit["basis_en" if in_english else "basis"]
        return basis


class RightsEvent(models.Model):
    """One step of a request; only ever added."""

    request = models.ForeignKey(RightsRequest, models.CASCADE, related_name="events")
    at = models.DateTimeField()
    event = models.CharField(max_length=20)
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=60, blank=True)
    note = EncryptedTextField(blank=True)

    class Meta:
        ordering = ["request", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.event} {self.at}"


class PreparedCopy(models.Model):
    """A copy as it was prepared, kept encrypted for a week to be fetched."""

    class Form(models.TextChoices):
        JSON = "json", _("JSON, to read and to process")
        FHIR = "fhir", _("FHIR R4, for hospitals")

    id = models.UUIDField(primary_key=True, default=new_id)
    request = models.ForeignKey(RightsRequest, models.CASCADE, related_name="copies")
    form = models.CharField(max_length=4, choices=Form.choices)
    content = EncryptedTextField()
    """The file, gzipped, in base64."""
    size_bytes = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    fetched_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "form"], name="prepared_copy_once_a_form")
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.made_at}"


class LegalHold(models.Model):
    """Nothing of a person may be deleted: a dispute, a court, an inspection; until a day."""

    id = models.UUIDField(primary_key=True, default=new_id)
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="legal_holds")
    reason = EncryptedTextField()
    law = models.CharField(max_length=120)
    """Article or document it rests on."""
    until = models.DateField()
    placed_by = models.CharField(max_length=80)
    placed_at = models.DateTimeField()
    lifted_by = models.CharField(max_length=80, blank=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["resident", "until"]

    def __str__(self) -> str:
        return f"{self.law} {self.until}"


class KeptByLaw(models.Model):
    """What of a deleted person is still kept, by which law, until when; then it is emptied too."""

    resident = models.ForeignKey(Resident, models.PROTECT, related_name="kept_by_law")
    model = models.CharField(max_length=60)
    law = models.CharField(max_length=120)
    rows = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)
    emptied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resident", "model"], name="kept_by_law_once")
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.until:%Y-%m-%d}"
