"""The people of the district and their homes. Identity and health are encrypted."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.core.fields import BlindIndexField, EncryptedTextField
from backend.core.models import new_id
from backend.places.models import Address, Area


class Language(models.TextChoices):
    """Languages in which a person is written to."""

    ZH = "zh-hans", _("Chinese")
    EN = "en", _("English")


class Dialect(models.TextChoices):
    """What is spoken at home; calls fall back to Mandarin where no voice exists."""

    MANDARIN = "mandarin", _("Mandarin")
    WU = "wu", _("Wu (Wuxi)")
    CANTONESE = "cantonese", _("Cantonese")


class Household(models.Model):
    """A home: where it is and how to get in."""

    id = models.UUIDField(primary_key=True, default=new_id)
    address = models.ForeignKey(Address, models.PROTECT)
    door_code = EncryptedTextField(blank=True)
    key_holder = EncryptedTextField(blank=True)
    entry_notes = EncryptedTextField(blank=True)

    def __str__(self) -> str:
        return str(self.id)


class Resident(models.Model):
    """A person the district cares for, of any age."""

    class Sex(models.TextChoices):
        FEMALE = "female", _("female")
        MALE = "male", _("male")
        UNKNOWN = "unknown", _("unknown")

    class Living(models.TextChoices):
        """Living situations; a person may have several."""

        ALONE = "alone", _("lives alone")
        EMPTY_NEST = "empty_nest", _("empty nest")
        LEFT_BEHIND = "left_behind", _("left behind")
        DISABLED_ELDER = "disabled_elder", _("cannot care for self")
        SEVERE_DISABILITY = "severe_disability", _("severe disability")
        LOST_ONLY_CHILD = "lost_only_child", _("family-planning hardship")
        EXTREME_POVERTY = "extreme_poverty", _("in extreme poverty")
        LOW_INCOME = "low_income", _("low income")
        WITH_FAMILY = "with_family", _("with family")
        OTHER = "other", _("other need")

    class Mobility(models.TextChoices):
        WALKS = "walks", _("walks")
        WALKS_WITH_AID = "walks_with_aid", _("walks with an aid")
        WHEELCHAIR = "wheelchair", _("wheelchair")
        BED = "bed", _("in bed")

    class LifeState(models.TextChoices):
        HOME = "home", _("at home")
        AWAY = "away", _("away")
        HOSPITAL = "hospital", _("in hospital")
        MOVED = "moved", _("moved away")
        DIED = "died", _("died")

    class AfterDeath(models.TextChoices):
        """What close kin may ask about their data after their death (PIPL, article 49)."""

        KIN = "kin", _("close kin may ask about my data")
        NOBODY = "nobody", _("nobody may ask about my data")

    id = models.UUIDField(primary_key=True, default=new_id)
    household = models.ForeignKey(Household, models.PROTECT, related_name="residents")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    birth_date = models.DateField(null=True)
    sex = models.CharField(max_length=8, choices=Sex.choices, default=Sex.UNKNOWN)
    id_number = EncryptedTextField(blank=True)
    id_number_index = BlindIndexField(of="id_number", context="id_number")
    phone = EncryptedTextField(blank=True)
    phone_index = BlindIndexField(of="phone", context="phone", db_index=True)
    second_phone = EncryptedTextField(blank=True)
    second_phone_index = BlindIndexField(of="second_phone", context="phone", db_index=True)
    language = models.CharField(max_length=8, choices=Language.choices, default=Language.ZH)
    dialect = models.CharField(max_length=12, choices=Dialect.choices, default=Dialect.MANDARIN)
    living = ArrayField(models.CharField(max_length=20, choices=Living.choices), default=list)
    mobility = models.CharField(max_length=16, choices=Mobility.choices, default=Mobility.WALKS)
    conditions = EncryptedTextField(blank=True)
    allergies = EncryptedTextField(blank=True)
    medicines = EncryptedTextField(blank=True)
    responder_notes = EncryptedTextField(blank=True)
    life_state = models.CharField(max_length=10, choices=LifeState.choices, default=LifeState.HOME)
    life_state_since = models.DateField(null=True)
    ok_at = models.TimeField(null=True)
    """By when they say that all is well, on the clock of their wall; none: not agreed."""
    frozen_since = models.DateTimeField(null=True)
    """Since when their data are only stored, and used for their safety alone (PIPL, article 47)."""
    after_death = models.CharField(max_length=6, choices=AfterDeath.choices, default=AfterDeath.KIN)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["id_number_index"],
                condition=~Q(id_number_index=""),
                name="resident_id_number_once",
            )
        ]
        indexes = [
            models.Index(fields=["area", "name"], name="resident_area_name"),
            models.Index(fields=["name", "id"], name="resident_by_name"),
            GinIndex(fields=["name"], name="resident_name_search", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name


class Tombstone(models.Model):
    """Somebody was deleted at their wish, and is not taken in again without being asked.

    Holds keyed hashes only. `resident_id` is the empty row that others' records still point at.
    """

    resident_id = models.UUIDField(primary_key=True)
    id_number_index = models.CharField(max_length=64, blank=True, db_index=True)
    person_index = models.CharField(max_length=64, blank=True, db_index=True)
    """Of name and date of birth."""
    deleted_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=80, blank=True)
    """Who took them in again, having asked them."""

    def __str__(self) -> str:
        return str(self.resident_id)


class LifePeriod(models.Model):
    """From when to when a resident was at home, away, in hospital; the newest is the resident's."""

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="life_periods")
    state = models.CharField(max_length=10, choices=Resident.LifeState.choices)
    since = models.DateField()
    until = models.DateField(null=True)
    expected_until = models.DateField(null=True)
    """When they said they would be back."""
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident"], condition=Q(until=None), name="life_period_open_once"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("since")),
                name="life_period_ends_after_start",
            ),
        ]
        ordering = ["resident", "since", "pk"]

    def __str__(self) -> str:
        return f"{self.state} {self.since}"


class Consent(models.Model):
    """What one item of a resident's life may be used or shown for; dated, revocable.

    Source: Personal Information Protection Law, articles 14 to 16, 23, 29.
    """

    class Item(models.TextChoices):
        ALERTS = "alerts", _("alerts")
        VISITS = "visits", _("visits")
        HEALTH = "health", _("health")
        LOCATION = "location", _("location")
        ASSISTANCE = "assistance", _("benefits and assistance")
        RECORDING = "recording", _("recording of calls")
        WELLBEING = "wellbeing", _("reminders and the daily I-am-OK")

    class Way(models.TextChoices):
        """How the decision reached us."""

        PAGE = "page", _("on their own page")
        PHONE = "phone", _("by telephone")
        DESK = "desk", _("told to the care centre")

    id = models.UUIDField(primary_key=True, default=new_id)
    resident = models.ForeignKey(Resident, models.CASCADE, related_name="consents")
    item = models.CharField(max_length=12, choices=Item.choices)
    purpose = models.CharField(max_length=200)
    wording = models.TextField(blank=True)
    """What they were told before they said yes, in their own language."""
    wording_version = models.PositiveSmallIntegerField(default=0)
    """Of `purposes.PURPOSES`; 0: given before wordings were kept."""
    way = models.CharField(max_length=6, choices=Way.choices, default=Way.DESK)
    given_by = models.CharField(max_length=80)
    """Who decided: "resident:<uuid>", or their guardian as "contact:<uuid>"."""
    given_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "item"],
                condition=Q(withdrawn_at=None),
                name="consent_in_force_once",
            )
        ]
        ordering = ["resident", "item", "given_at"]

    def __str__(self) -> str:
        return f"{self.resident_id} {self.item}"


class Contact(models.Model):
    """Somebody to be called for a resident, in order."""

    class Relation(models.TextChoices):
        DAUGHTER = "daughter", _("daughter")
        SON = "son", _("son")
        SPOUSE = "spouse", _("spouse")
        SIBLING = "sibling", _("sibling")
        RELATIVE = "relative", _("relative")
        NEIGHBOUR = "neighbour", _("neighbour")
        FRIEND = "friend", _("friend")
        GUARDIAN = "guardian", _("guardian")

    id = models.UUIDField(primary_key=True, default=new_id)
    resident = models.ForeignKey(Resident, models.CASCADE, related_name="contacts")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    relation = models.CharField(max_length=12, choices=Relation.choices)
    phone = EncryptedTextField()
    phone_index = BlindIndexField(of="phone", context="phone", db_index=True)
    language = models.CharField(max_length=8, choices=Language.choices, default=Language.ZH)
    minutes_to_door = models.PositiveSmallIntegerField(null=True)
    has_key = models.BooleanField(default=False)
    is_guardian = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "order"],
                name="contact_order_once",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]
        ordering = ["resident", "order"]

    def __str__(self) -> str:
        return self.name


class Guardianship(models.Model):
    """Why a contact may decide for a resident, by which paper, until when.

    In force from the day a second person of the staff has looked at the paper (`queries`).
    Source of the proofs: Civil Code, articles 28 to 33.
    """

    class Ground(models.TextChoices):
        """An adult has a guardian only where they cannot decide alone.

        Source: Civil Code, articles 21 and 22 (capacity), 28 (guardians of adults), 33 (agreed
        beforehand, in force once capacity is lost).
        """

        NONE = "none", _("cannot decide anything (Civil Code, article 21)")
        PART = "part", _("can decide some things only (Civil Code, article 22)")

    class Proof(models.TextChoices):
        KIN = "kin", _("spouse, child or parent, by law")
        AGREEMENT = "agreement", _("agreed in writing beforehand")
        WILL = "will", _("named in a parent's will")
        APPOINTED = "appointed", _("appointed by committee, bureau or court")

    id = models.UUIDField(primary_key=True, default=new_id)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="guardianships")
    ground = models.CharField(max_length=4, choices=Ground.choices, blank=True)
    """"" only where it was written down before grounds were asked for; then not in force."""
    proof = models.CharField(max_length=10, choices=Proof.choices)
    document = EncryptedTextField()
    """Where the paper is found: its kind and number, or the file it lies in."""
    issued_by = models.CharField(max_length=80, blank=True)
    """Which office made the paper."""
    since = models.DateField()
    review_on = models.DateField()
    ends_on = models.DateField(null=True)
    """The last day; none: until somebody ends it."""
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact"], condition=Q(ended_at=None), name="guardianship_open_once"
            ),
            models.CheckConstraint(
                condition=Q(verified_at=None)
                | (~Q(verified_by="") & ~Q(ground="") & ~Q(verified_by=models.F("recorded_by"))),
                name="guardianship_verified_by_another",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("since")),
                name="guardianship_ends_after_start",
            ),
        ]
        ordering = ["contact", "since"]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.proof}"


class Team(models.Model):
    """Caregivers who share an area."""

    area = models.ForeignKey(Area, models.PROTECT)
    name = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.name


class Caregiver(models.Model):
    """Somebody who goes to people's homes for the district."""

    class Kind(models.TextChoices):
        CAREGIVER = "caregiver", _("caregiver")
        NURSE = "nurse", _("nurse")
        GRID_WORKER = "grid_worker", _("grid worker")
        DUTY_LEAD = "duty_lead", _("duty lead")

    id = models.UUIDField(primary_key=True, default=new_id)
    area = models.ForeignKey(Area, models.PROTECT, related_name="caregivers")
    team = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="members")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.CAREGIVER)
    phone = EncryptedTextField()
    phone_index = BlindIndexField(of="phone", context="phone", db_index=True)
    language = models.CharField(max_length=8, choices=Language.choices, default=Language.ZH)
    skills = ArrayField(models.CharField(max_length=30), default=list)
    active = models.BooleanField(default=True)
    last_lat = models.FloatField(null=True)
    last_lon = models.FloatField(null=True)
    last_position_at = models.DateTimeField(null=True)
    still_lat = models.FloatField(null=True)
    still_lon = models.FloatField(null=True)
    still_since = models.DateTimeField(null=True)
    """Since when every position told was near `still_lat`, `still_lon`."""

    def __str__(self) -> str:
        return self.name


class Shift(models.Model):
    """When a caregiver is on duty."""

    caregiver = models.ForeignKey(Caregiver, models.CASCADE, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="shift_ends_after_start"
            )
        ]
        indexes = [models.Index(fields=["starts_at", "ends_at"], name="shift_time")]

    def __str__(self) -> str:
        return f"{self.caregiver_id} {self.starts_at}"
