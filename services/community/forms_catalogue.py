"""What staff fill in about services and providers."""

from datetime import time
from typing import Any

from django import forms
from django.utils.dateparse import parse_time
from django.utils.translation import gettext_lazy as _

from backend.places.models import Area
from services.community.actions import Offering, Opening
from services.community.models import Provider, Service

FEN_A_YUAN = 100
DAY_NAMES = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)


class ServiceForm(forms.ModelForm[Service]):
    """A service of the catalogue."""

    price_yuan = forms.DecimalField(
        label=_("Price in yuan"),
        help_text=_("Empty: it is agreed by telephone."),
        required=False,
        min_value=0,
        max_value=100_000,
        decimal_places=2,
    )
    hours = forms.CharField(
        label=_("Hours that can be chosen"),
        help_text=_("11:00, 11:30. Empty: as soon as possible."),
        required=False,
        max_length=120,
    )

    class Meta:
        model = Service
        fields = [
            "category",
            "name",
            "name_en",
            "about",
            "about_en",
            "fulfilment",
            "visit_service",
            "duration_min",
            "lead_min",
            "cancel_before_min",
            "repeats",
            "place",
            "active",
        ]
        labels = {
            "category": _("Kind"),
            "name": _("What it is called"),
            "name_en": _("Name in English"),
            "about": _("In few words"),
            "about_en": _("In few words, in English"),
            "fulfilment": _("What becomes of it"),
            "visit_service": _("What is done at the visit"),
            "duration_min": _("How many minutes a visit lasts"),
            "lead_min": _("Minutes it has to be ordered before"),
            "cancel_before_min": _("Minutes until which it may be cancelled"),
            "repeats": _("May be ordered for every day"),
            "place": _("Place in the list"),
            "active": _("Is offered"),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        """Show price and hours as people write them."""
        super().__init__(*args, **options)
        service = self.instance
        if service.price_fen is not None:
            self.initial["price_yuan"] = f"{service.price_fen / FEN_A_YUAN:.2f}"
        self.initial["hours"] = ", ".join(f"{each:%H:%M}" for each in service.hours)

    def clean_hours(self) -> list[time]:
        """Hours between commas."""
        return _hours(self.cleaned_data["hours"])

    @property
    def details(self) -> dict[str, Any]:
        """As the action takes them."""
        chosen = {name: self.cleaned_data[name] for name in self._meta.fields or ()}
        yuan = self.cleaned_data["price_yuan"]
        price_fen = None if yuan is None else int(yuan * FEN_A_YUAN)
        return {**chosen, "hours": self.cleaned_data["hours"], "price_fen": price_fen}


def _hours(said: str) -> list[time]:
    found = []
    for word in said.replace("、", ",").replace("，", ",").split(","):
        if not word.strip():
            continue
        try:
            hour = parse_time(word.strip())
        except ValueError:
            hour = None
        if hour is None:
            raise forms.ValidationError(_("Please write hours like 11:30."))
        found.append(hour)
    return sorted(found)


class ProviderForm(forms.Form):
    """A provider: where it goes, when it works, what it brings for how much."""

    name = forms.CharField(label=_("What it is called"), max_length=60)
    phone = forms.CharField(label=_("Telephone"), max_length=20)
    serves = forms.ModelMultipleChoiceField(
        Area.objects.none(), label=_("Goes to"), widget=forms.CheckboxSelectMultiple
    )
    active = forms.BooleanField(label=_("Brings orders now"), required=False, initial=True)

    def __init__(
        self,
        *args: Any,
        areas: Any,
        services: list[Service],
        provider: Provider | None = None,
        **options: Any,
    ) -> None:
        """A field a weekday, and two a service."""
        options.setdefault("initial", _as_written(provider) if provider else {})
        super().__init__(*args, **options)
        self.services = services
        field = self.fields["serves"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - declared so
        field.queryset = areas
        for number, name in enumerate(DAY_NAMES):
            self.fields[f"day{number}"] = forms.CharField(
                label=name, help_text="08:00-18:00", required=False, max_length=11
            )
        for service in services:
            self.fields[f"price-{service.pk}"] = forms.DecimalField(
                label=_("Price in yuan"), required=False, min_value=0, max_value=100_000
            )
            self.fields[f"most-{service.pk}"] = forms.IntegerField(
                label=_("At most a day"), required=False, min_value=0, max_value=100_000
            )
            self.fields[f"has-{service.pk}"] = forms.BooleanField(
                label=service.label, required=False
            )

    def clean(self) -> dict[str, Any] | None:
        """Hours of each day, from and to."""
        cleaned = super().clean()
        for number in range(len(DAY_NAMES)):
            said = self.cleaned_data.get(f"day{number}", "")
            if said and _opening(number, said) is None:
                self.add_error(f"day{number}", _("Please write hours like 08:00-18:00."))
        return cleaned

    @property
    def days(self) -> list[Any]:
        """The fields of the weekdays."""
        return [self[f"day{number}"] for number in range(len(DAY_NAMES))]

    @property
    def lines(self) -> list[tuple[Any, Any, Any]]:
        """The three fields of each service."""
        return [
            (self[f"has-{each.pk}"], self[f"price-{each.pk}"], self[f"most-{each.pk}"])
            for each in self.services
        ]

    @property
    def openings(self) -> list[Opening]:
        """As the action takes them."""
        days = range(len(DAY_NAMES))
        found = (_opening(each, self.cleaned_data[f"day{each}"]) for each in days)
        return [each for each in found if each]

    @property
    def offerings(self) -> list[Offering]:
        """As the action takes them."""
        return [self._offering(each) for each in self.services if self._has(each)]

    def _has(self, service: Service) -> bool:
        return bool(self.cleaned_data[f"has-{service.pk}"])

    def _offering(self, service: Service) -> Offering:
        yuan = self.cleaned_data[f"price-{service.pk}"]
        price_fen = None if yuan is None else int(yuan * FEN_A_YUAN)
        return Offering(service, price_fen, self.cleaned_data[f"most-{service.pk}"])


def _opening(weekday: int, said: str) -> Opening | None:
    begin, _dash, end = said.replace("–", "-").replace("—", "-").partition("-")
    try:
        opens, closes = parse_time(begin.strip()), parse_time(end.strip())
    except ValueError:
        return None
    if opens is None or closes is None or closes <= opens:
        return None
    return Opening(weekday, opens, closes)


def _as_written(provider: Provider) -> dict[str, Any]:
    written: dict[str, Any] = {
        "name": provider.name,
        "phone": provider.phone,
        "active": provider.active,
        "serves": provider.serves.all(),
    }
    for each in provider.opening_hours.all():
        written[f"day{each.weekday}"] = f"{each.opens:%H:%M}-{each.closes:%H:%M}"
    for offer in provider.service_offers.all():
        written[f"has-{offer.service_id}"] = True
        written[f"most-{offer.service_id}"] = offer.capacity_a_day
        if offer.price_fen is not None:
            written[f"price-{offer.service_id}"] = f"{offer.price_fen / FEN_A_YUAN:.2f}"
    return written
