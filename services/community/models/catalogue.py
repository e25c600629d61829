"""What can be ordered, and who brings it, where, when and for how much."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from backend.core.fields import EncryptedTextField
from backend.core.models import new_id
from backend.people.models import Language
from backend.places.models import Area
from services.visits.models import Service as VisitService


class Service(models.Model):
    """One thing that can be asked for; offered in an area and all that lies below it."""

    class Category(models.TextChoices):
        """The six helps, and the other needs that the same key reaches.

        Source: 国办发〔2019〕5号 names meals, cleaning, bathing, medical help, mobility and urgent
        help at home; the others are the public services that residents ask a centre about.
        """

        MEALS = "meals", _("help with meals")
        CLEANING = "cleaning", _("help with cleaning")
        BATHING = "bathing", _("help with bathing")
        MEDICAL = "medical", _("medical help")
        MOBILITY = "mobility", _("help to get about")
        URGENT = "urgent", _("urgent help at home")
        HEALTH = "health", _("health")
        EDUCATION = "education", _("education")
        HOUSING = "housing", _("housing")
        TRANSPORT = "transport", _("transport")
        SOCIAL_SECURITY = "social_security", _("social security")
        EMPLOYMENT = "employment", _("employment")

    class Fulfilment(models.TextChoices):
        """What usually becomes of an order; the dispatcher may decide otherwise."""

        VISIT = "visit", _("somebody of ours comes")
        PROVIDER = "provider", _("a provider brings it")
        CALLBACK = "callback", _("an operator rings back")

    SIX_HELPS = (
        Category.MEALS,
        Category.CLEANING,
        Category.BATHING,
        Category.MEDICAL,
        Category.MOBILITY,
        Category.URGENT,
    )

    id = models.UUIDField(primary_key=True, default=new_id)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    category = models.CharField(max_length=16, choices=Category.choices)
    name = models.CharField(max_length=40)
    """In Chinese, as it stands on the button."""
    name_en = models.CharField(max_length=60, blank=True)
    about = models.CharField(max_length=120, blank=True)
    about_en = models.CharField(max_length=160, blank=True)
    fulfilment = models.CharField(max_length=10, choices=Fulfilment.choices)
    price_fen = models.PositiveIntegerField(null=True, blank=True)
    """What it costs unless the provider asks another price; none: it is agreed by telephone."""
    visit_service = models.CharField(max_length=16, choices=VisitService.choices, blank=True)
    """What is done at the visit it becomes."""
    duration_min = models.PositiveSmallIntegerField(default=30)
    hours = ArrayField(models.TimeField(), default=list, blank=True)
    """The hours that can be chosen; none: as soon as possible."""
    lead_min = models.PositiveIntegerField(default=120)
    """It has to be ordered so long before."""
    cancel_before_min = models.PositiveIntegerField(default=60)
    """Whoever ordered it may cancel it themselves until so long before."""
    repeats = models.BooleanField(default=False)
    """Whether it may be ordered for every day or every weekday at once."""
    place = models.PositiveSmallIntegerField(default=100)
    """Where it stands among those of its category."""
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "name"], name="service_name_once_an_area"),
            models.CheckConstraint(
                condition=~Q(fulfilment="visit") | ~Q(visit_service=""),
                name="service_by_visit_says_which",
            ),
        ]
        ordering = ["place", "name"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        return self.name_en if _reads_english() and self.name_en else self.name

    @property
    def description(self) -> str:
        """What it is, in the reader's language."""
        return self.about_en if _reads_english() and self.about_en else self.about


def _reads_english() -> bool:
    return (get_language() or "").startswith("en")


class Provider(models.Model):
    """A kitchen, a cleaning firm, a clinic: somebody who brings what was ordered."""

    id = models.UUIDField(primary_key=True, default=new_id)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    """Whose staff look after its entry."""
    name = models.CharField(max_length=60)
    phone = EncryptedTextField(max_length=20)
    """A firm's number, which residents may see; orders are told to it."""
    language = models.CharField(max_length=8, choices=Language.choices, default=Language.ZH)
    serves: "models.ManyToManyField[Area, models.Model]" = models.ManyToManyField(
        Area, related_name="+"
    )
    """It goes to homes in these areas and what lies below them."""
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "name"], name="provider_name_once_an_area")
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def reference(self) -> str:
        """How journal, audit and deliveries name it."""
        return f"provider:{self.pk}"


class OpeningHours(models.Model):
    """From when to when a provider works on a day of the week; none on a day: closed."""

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField()
    """0 is Monday."""
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "weekday", "opens"], name="opening_hours_once"
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="opening_hours_of_a_weekday"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="closes_after_opening"),
        ]
        ordering = ["provider", "weekday", "opens"]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens}-{self.closes}"


class ServiceOffer(models.Model):
    """That a provider brings a service, for how much, and how often a day."""

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="service_offers")
    service = models.ForeignKey(Service, models.CASCADE, related_name="service_offers")
    price_fen = models.PositiveIntegerField(null=True, blank=True)
    """None: what the service costs."""
    capacity_a_day = models.PositiveIntegerField(null=True, blank=True)
    """None: as many as are ordered."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "service"], name="service_offer_once_a_provider"
            )
        ]
        ordering = ["provider", "service"]

    def __str__(self) -> str:
        return f"{self.provider_id} {self.service_id}"

    @property
    def asks_fen(self) -> int | None:
        """What it costs here."""
        return self.service.price_fen if self.price_fen is None else self.price_fen
