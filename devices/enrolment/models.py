"""Enrolments as they go on, what contacts said when they were asked, invitations, imports."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backend.core.fields import BlindIndexField, EncryptedTextField
from backend.core.models import new_id
from backend.people.models import Contact, Resident
from backend.places.models import Area
from notifications.models import Channel


class Enrolment(models.Model):
    """Taking one person into care: kept as it goes, so that anybody at the desk can go on."""

    class Step(models.TextChoices):
        PERSON = "person", _("Person")
        HOME = "home", _("Home")
        CONTACTS = "contacts", _("Contacts")
        GUARDIAN = "guardian", _("Guardian")
        CONSENTS = "consents", _("Consents")
        DEVICES = "devices", _("Devices")
        PREFERENCES = "preferences", _("Preferences")
        TEST = "test", _("Test press")

    id = models.UUIDField(primary_key=True, default=new_id)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    """Where it was begun; the resident's own area once they have a home."""
    resident = models.ForeignKey(Resident, models.CASCADE, null=True, related_name="enrolments")
    draft = EncryptedTextField(blank=True)
    """What was said of the person before there was a home to enrol them in, as JSON."""
    name = EncryptedTextField(blank=True)
    step = models.CharField(max_length=12, choices=Step.choices, default=Step.PERSON)
    """The step to go on with."""
    test_call = models.UUIDField(null=True)
    """The call of the test press."""
    test_began_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField()
    begun_by = models.CharField(max_length=80)
    changed_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["area", "-changed_at"],
                condition=Q(finished_at=None),
                name="enrolment_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.begun_at:%Y-%m-%d}"

    @property
    def reference(self) -> str:
        """How journal and audit name this enrolment."""
        return f"enrolment:{self.pk}"


class ContactCheck(models.Model):
    """A contact was asked whether it is them, and whether they agree to be called."""

    class Answer(models.TextChoices):
        ASKED = "asked", _("asked")
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", pgettext_lazy("a contact", "refused")

    id = models.UUIDField(primary_key=True, default=new_id)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="checks")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    phone = EncryptedTextField(blank=True)
    phone_index = BlindIndexField(of="phone", context="phone", may_lack_source=True)
    """The number that was asked; another number is not confirmed by it."""
    code_index = models.CharField(max_length=64, blank=True)
    """Keyed: the code of a text, which the contact reads to whoever enrols."""
    tries = models.PositiveSmallIntegerField(default=0)
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["contact", "-asked_at"], name="contact_check_newest")]

    def __str__(self) -> str:
        return f"{self.channel} {self.answer}"

    @property
    def cause(self) -> str:
        """How its delivery names it."""
        return f"contact-check:{self.pk}"


class Invitation(models.Model):
    """A link by which a contact makes their own account; only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=new_id)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="invitations")
    phone = EncryptedTextField(blank=True)
    phone_index = BlindIndexField(of="phone", context="phone", may_lack_source=True)
    hash = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=80)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["contact", "-sent_at"], name="invitation_newest")]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.sent_at}"


class ImportRun(models.Model):
    """A table of residents that was read: what it would do, and what was done of it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    content = EncryptedTextField(blank=True)
    """The table in base64 until it is applied or forgotten."""
    rows = models.PositiveIntegerField()
    to_create = models.PositiveIntegerField()
    to_change = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    read_at = models.DateTimeField()
    read_by = models.CharField(max_length=80)
    applied_at = models.DateTimeField(null=True)
    applied_by = models.CharField(max_length=80, blank=True)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.file_name

    @property
    def reference(self) -> str:
        """How journal and audit name this import."""
        return f"import:{self.pk}"
