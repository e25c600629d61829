"""Forms of people at the API: brief for lists, whole for those who may, written for input."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers

from backend.accounts.access import EVERY, Fields
from backend.accounts.actors import Actor
from backend.people import identity, names, phones
from backend.people.models import Caregiver, Consent, Contact, Household, Resident, Shift, Team
from backend.people.routes import warnings_about
from backend.places.models import Area, Datum
from backend.web.api import visible
from backend.web.api.told import ToldByRole

LONGEST_NOTE = 2_000
LONGEST_PHONE = 30


class WarningSerializer(serializers.Serializer[Any]):
    """Something the desk should know, by its code; `no_route`: nobody can reach this number."""

    code = serializers.CharField()


class ShownSerializer(ToldByRole, serializers.ModelSerializer[Any]):
    """Shows the fields that the access table lets its reader see, some of them masked.

    They are the context's `shown`; without it, for the description, all are shown.
    """

    masks: ClassVar[Mapping[str, Callable[[str], str]]] = {
        "name": names.masked,
        "phone": phones.masked,
        "id_number": identity.masked,
    }

    def get_fields(self) -> dict[str, Any]:
        """Those of the form that are shown."""
        form: dict[str, Any] = super().get_fields()
        shown: Fields | None = self.context.get("shown")
        if shown is None or EVERY in shown.whole:
            return form
        seen = shown.whole | shown.masked
        return {name: field for name, field in form.items() if name in seen}

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """What is told, with what is to be masked."""
        told: dict[str, Any] = super().to_representation(instance)
        shown: Fields | None = self.context.get("shown")
        for name in (shown.masked if shown else ()) & told.keys():
            told[name] = self.masks[name](told[name])
        return told


class Reachable(serializers.PrimaryKeyRelatedField[Any]):
    """Another record, chosen among those the actor reaches."""

    def __init__(self, among: Callable[[Actor], QuerySet[Any]], **options: Any) -> None:
        """Choose from `among(actor)`."""
        self.among = among
        super().__init__(**options)

    def get_queryset(self) -> Any:
        """Only what the actor could also fetch; without an actor, for the description, all."""
        actor = self.context.get("actor")
        return self.among(actor) if actor else super().get_queryset()


def household_field() -> Reachable:
    """A home the actor reaches."""
    return Reachable(visible.households_visible_to, queryset=Household.objects.all())


def resident_field() -> Reachable:
    """A resident the actor reaches."""
    return Reachable(visible.residents_visible_to, queryset=Resident.objects.all())


def area_field() -> Reachable:
    """An area the actor reaches."""
    return Reachable(visible.areas_visible_to, queryset=Area.objects.all())


class ResidentBriefSerializer(ShownSerializer):
    """A resident in a list."""

    class Meta:
        model = Resident
        fields = [
            "id",
            "name",
            "sex",
            "birth_date",
            "area",
            "household",
            "phone",
            "language",
            "dialect",
            "living",
            "mobility",
            "life_state",
            "life_state_since",
        ]
        read_only_fields = fields


class ResidentSerializer(ResidentBriefSerializer):
    """Everything about a resident."""

    warnings = serializers.SerializerMethodField()

    class Meta(ResidentBriefSerializer.Meta):
        fields = [
            *ResidentBriefSerializer.Meta.fields,
            "second_phone",
            "id_number",
            "conditions",
            "allergies",
            "medicines",
            "responder_notes",
            "warnings",
        ]
        read_only_fields = fields

    def get_warnings(self, resident: Resident) -> list[dict[str, str]]:
        """`no_route` when none of their numbers can be reached."""
        return warnings_about(resident.phone, resident.second_phone)


class ResidentWriteSerializer(serializers.ModelSerializer[Resident]):
    """What may be said about a resident; the area follows from the household."""

    household = household_field()

    class Meta:
        model = Resident
        fields = [
            "household",
            "name",
            "birth_date",
            "sex",
            "id_number",
            "phone",
            "second_phone",
            "language",
            "dialect",
            "living",
            "mobility",
            "conditions",
            "allergies",
            "medicines",
            "responder_notes",
        ]
        extra_kwargs = {
            "id_number": {"max_length": LONGEST_PHONE},
            "phone": {"max_length": LONGEST_PHONE},
            "second_phone": {"max_length": LONGEST_PHONE},
            "living": {"required": False},
            "conditions": {"max_length": LONGEST_NOTE},
            "allergies": {"max_length": LONGEST_NOTE},
            "medicines": {"max_length": LONGEST_NOTE},
            "responder_notes": {"max_length": LONGEST_NOTE},
        }


class LifeStateSerializer(serializers.Serializer[Any]):
    """Where a resident lives from a day on."""

    state = serializers.ChoiceField(choices=Resident.LifeState.choices)
    since = serializers.DateField()
    expected_until = serializers.DateField(required=False, allow_null=True, default=None)


class ContactOrderSerializer(serializers.Serializer[Any]):
    """All contacts of a resident, the first to be called first."""

    order = serializers.ListField(child=serializers.UUIDField(), max_length=100)


class HouseholdBriefSerializer(ShownSerializer):
    """A home in a list."""

    area = serializers.PrimaryKeyRelatedField[Area](source="address.area", read_only=True)
    address = serializers.CharField(source="address.text", read_only=True)
    lat = serializers.FloatField(source="address.lat", read_only=True, allow_null=True)
    lon = serializers.FloatField(source="address.lon", read_only=True, allow_null=True)
    position_source = serializers.CharField(source="address.position_source", read_only=True)

    class Meta:
        model = Household
        fields = ["id", "area", "address", "lat", "lon", "position_source"]


class HouseholdSerializer(HouseholdBriefSerializer):
    """A home with how to get in."""

    class Meta(HouseholdBriefSerializer.Meta):
        fields = [
            *HouseholdBriefSerializer.Meta.fields,
            "door_code",
            "key_holder",
            "entry_notes",
        ]
        read_only_fields = fields


class HouseholdWriteSerializer(serializers.Serializer[Any]):
    """What may be said about a home; the position in the datum it is given in."""

    area = area_field()
    address = serializers.CharField(max_length=200)
    lat = serializers.FloatField(required=False, allow_null=True)
    lon = serializers.FloatField(required=False, allow_null=True)
    datum = serializers.ChoiceField(choices=Datum.choices, required=False)
    door_code = serializers.CharField(required=False, allow_blank=True, max_length=60)
    key_holder = serializers.CharField(required=False, allow_blank=True, max_length=200)
    entry_notes = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_NOTE)


class ContactBriefSerializer(ShownSerializer):
    """A contact in a list."""

    class Meta:
        model = Contact
        fields = [
            "id",
            "resident",
            "order",
            "name",
            "relation",
            "phone",
            "language",
            "minutes_to_door",
            "has_key",
            "is_guardian",
        ]
        read_only_fields = fields


class ContactSerializer(ContactBriefSerializer):
    """Everything about a contact."""

    warnings = serializers.SerializerMethodField()

    class Meta(ContactBriefSerializer.Meta):
        fields = [*ContactBriefSerializer.Meta.fields, "warnings"]
        read_only_fields = fields

    def get_warnings(self, contact: Contact) -> list[dict[str, str]]:
        """`no_route` when the number cannot be reached."""
        return warnings_about(contact.phone)


class ContactWriteSerializer(serializers.ModelSerializer[Contact]):
    """What may be said about a contact; order and guardianship have doors of their own."""

    resident = resident_field()

    class Meta:
        model = Contact
        fields = [
            "resident",
            "name",
            "relation",
            "phone",
            "language",
            "minutes_to_door",
            "has_key",
        ]
        extra_kwargs = {"phone": {"max_length": LONGEST_PHONE}}


class CaregiverBriefSerializer(ShownSerializer):
    """A caregiver in a list."""

    class Meta:
        model = Caregiver
        fields = ["id", "name", "kind", "area", "team", "phone", "language", "skills", "active"]
        read_only_fields = fields


class CaregiverSerializer(CaregiverBriefSerializer):
    """Everything about a caregiver."""

    warnings = serializers.SerializerMethodField()

    class Meta(CaregiverBriefSerializer.Meta):
        fields = [
            *CaregiverBriefSerializer.Meta.fields,
            "last_lat",
            "last_lon",
            "last_position_at",
            "warnings",
        ]
        read_only_fields = fields

    def get_warnings(self, caregiver: Caregiver) -> list[dict[str, str]]:
        """`no_route` when the number cannot be reached."""
        return warnings_about(caregiver.phone)


class CaregiverWriteSerializer(serializers.ModelSerializer[Caregiver]):
    """What may be said about a caregiver."""

    area = area_field()
    team = serializers.PrimaryKeyRelatedField(
        queryset=Team.objects.all(), required=False, allow_null=True
    )

    class Meta:
        model = Caregiver
        fields = ["name", "kind", "area", "team", "phone", "language", "skills", "active"]
        extra_kwargs = {"phone": {"max_length": LONGEST_PHONE}, "skills": {"required": False}}


class PositionSerializer(serializers.Serializer[Any]):
    """Where a telephone says it is, and when it knew."""

    lat = serializers.FloatField()
    lon = serializers.FloatField()
    datum = serializers.ChoiceField(choices=Datum.choices, default=Datum.WGS84)
    at = serializers.DateTimeField(required=False)


class ShiftSerializer(serializers.ModelSerializer[Shift]):
    """A shift."""

    class Meta:
        model = Shift
        fields = ["id", "starts_at", "ends_at"]


class ConsentSerializer(ShownSerializer):
    """A consent with its dates."""

    class Meta:
        model = Consent
        fields = [
            "id",
            "resident",
            "item",
            "purpose",
            "wording",
            "wording_version",
            "way",
            "given_by",
            "given_at",
            "withdrawn_at",
        ]
        read_only_fields = fields


class ConsentWriteSerializer(serializers.ModelSerializer[Consent]):
    """A consent as told; with `guardian` it is the guardian's word for the resident."""

    resident = resident_field()
    guardian = serializers.PrimaryKeyRelatedField(
        queryset=Contact.objects.filter(is_guardian=True), required=False, allow_null=True
    )

    class Meta:
        model = Consent
        fields = ["resident", "item", "purpose", "guardian"]
        extra_kwargs = {"purpose": {"required": False}}
        validators: list[Any] = []
        """One in force an item: the action refuses with a code of its own."""
