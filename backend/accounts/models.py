"""Accounts, their roles and their tokens."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.core.fields import BlindIndexField, EncryptedTextField
from backend.core.models import new_id
from backend.people.models import Caregiver, Contact, Language, Resident
from backend.places.models import Area


class Role(models.TextChoices):
    """What an account is for."""

    RESIDENT = "resident", _("resident")
    FAMILY = "family", _("family")
    CAREGIVER = "caregiver", _("caregiver")
    OPERATOR = "operator", _("operator")
    LEAD = "lead", _("team lead")
    OFFICER = "officer", _("civil-affairs officer")
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("administrator")


STAFF_ROLES = frozenset(
    {
        Role.CAREGIVER,
        Role.OPERATOR,
        Role.LEAD,
        Role.OFFICER,
        Role.AUDITOR,
        Role.ADMINISTRATOR,
    }
)


class UserManager(BaseUserManager["User"]):
    """Makes accounts."""

    def create_user(
        self, username: str, *, role: Role, password: str | None = None, **fields: object
    ) -> "User":
        """An account; without a password it can sign in by code or link only."""
        user = self.model(username=username, role=role, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account: one role, and the person it belongs to."""

    id = models.UUIDField(primary_key=True, default=new_id)
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60, blank=True)
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=16, choices=Role.choices)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    """Staff: the area whose subtree they serve."""
    resident = models.OneToOneField(Resident, models.CASCADE, null=True, related_name="+")
    caregiver = models.OneToOneField(Caregiver, models.CASCADE, null=True, related_name="+")
    contacts = models.ManyToManyField(Contact, related_name="+")
    """Family: the contact entries that are this person."""
    phone = EncryptedTextField(blank=True)
    phone_index = BlindIndexField(of="phone", context="phone")
    language = models.CharField(max_length=8, choices=Language.choices, default=Language.ZH)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["role"]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["phone_index"], condition=~Q(phone_index=""), name="user_phone_once"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def reference(self) -> str:
        """How journal, audit and deliveries name this account."""
        return f"user:{self.pk}"

    @property
    def is_staff_role(self) -> bool:
        """Whether this account needs a second factor."""
        return self.role in STAFF_ROLES


class AccessToken(models.Model):
    """An opaque token; only its hash is kept, revoking it works at once."""

    class Kind(models.TextChoices):
        API = "api"
        SOS = "sos"

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    hash = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.label}"


class SignInLink(models.Model):
    """A link that signs one account in once; demo and enrolment only."""

    user = models.ForeignKey(User, models.CASCADE)
    hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.user_id)


class SignInCode(models.Model):
    """A code sent to a phone; opened only in the browser session that asked for it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    hash = models.CharField(max_length=64)
    """Keyed: six digits alone are soon guessed."""
    tries = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.user_id)


class AttemptCount(models.Model):
    """How often something was tried since a moment (`limits`); the key is a keyed hash."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    since = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.count} since {self.since}"
