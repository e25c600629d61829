"""Accounts, their roles and their tokens."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backend.accounts import devices
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
    AUDITOR = "auditor", _("audit administrator")
    ADMINISTRATOR = "administrator", _("system administrator")
    SECURITY = "security", _("security administrator")


STAFF_ROLES = frozenset(
    {
        Role.CAREGIVER,
        Role.OPERATOR,
        Role.LEAD,
        Role.OFFICER,
        Role.AUDITOR,
        Role.ADMINISTRATOR,
        Role.SECURITY,
    }
)
ADMINISTRATORS = (Role.ADMINISTRATOR, Role.SECURITY, Role.AUDITOR)
"""Who runs the system, who gives access to it, and who reads what both did: no account is, or
comes to be, two of them. Source: GB/T 22239-2019, 8.1.5.1 to 8.1.5.3 (三员分立)."""


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
    administers = models.CharField(max_length=16, blank=True, editable=False)
    """Which of ADMINISTRATORS this account ever was; the database writes it, and only once."""
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
    password_changed_at = models.DateTimeField(null=True)
    """Null: never by themselves, or before it was written down."""
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
    factor_at = models.DateTimeField(null=True)
    """When all factors were shown for it (`second_factor.require_fresh_factor`)."""

    def __str__(self) -> str:
        return f"{self.kind} {self.label}"


class OpenSession(models.Model):
    """What is known of a browser's session beside Django's own row; ends with it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    session = models.OneToOneField(Session, models.CASCADE, related_name="opened")
    user = models.ForeignKey(User, models.CASCADE, related_name="open_sessions")
    device = models.CharField(max_length=60, blank=True)
    """Kind of device and browser, as a person would say it; from what the browser says."""
    network = models.CharField(max_length=45, blank=True)
    """Where from, roughly: the network without its last part."""
    signed_in_at = models.DateTimeField()
    last_used_at = models.DateTimeField()
    idle_s = models.PositiveIntegerField()
    """Ends when it was not used for so long."""
    ends_at = models.DateTimeField()
    """Ends then, however much it is used."""

    def __str__(self) -> str:
        return devices.spoken(self.device)


class Passkey(models.Model):
    """A WebAuthn credential: a key pair whose public half is here.

    Beside allauth's table, whose JSON cannot be asked for a credential's id: who signs in by a
    passkey gives no name.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    user = models.ForeignKey(User, models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=60)
    credential_id = models.BinaryField(max_length=1023, unique=True)
    public_key = models.BinaryField()
    """COSE key, CBOR."""
    sign_count = models.BigIntegerField(default=0)
    """0: this kind of authenticator does not count."""
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Recovery(models.Model):
    """A new second factor for somebody of the staff who lost theirs: asked by one, confirmed by
    another, used up by enrolling."""

    id = models.UUIDField(primary_key=True, default=new_id)
    user = models.ForeignKey(User, models.CASCADE, related_name="recoveries")
    reason = models.CharField(max_length=200)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirm_until = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    link_hash = models.CharField(max_length=64, blank=True)
    link_until = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    """Enrolled, or replaced by a later one."""
    enrolled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="recovery_by_two_others",
                condition=~Q(asked_by=F("user"))
                & (
                    Q(confirmed_by=None)
                    | (~Q(confirmed_by=F("asked_by")) & ~Q(confirmed_by=F("user")))
                ),
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(ended_at=None), name="one_recovery_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} since {self.asked_at}"


class Identity(models.Model):
    """Who somebody is at the digital identity of the nation or the city (OpenID Connect)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    """A pairwise name that the issuer gave; no civil number. Source: OpenID Connect Core 1.0, 8."""
    linked_at = models.DateTimeField()
    how = models.CharField(max_length=16)
    """By a verified number, or by the person while they were signed in."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="identity_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.issuer}"


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
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    """Never null once it is committed (`actions.codes`)."""
    hash = models.CharField(max_length=64)
    """Keyed: six digits alone are soon guessed."""
    code = EncryptedTextField(blank=True)
    """To send the same digits again while they are worth something."""
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
