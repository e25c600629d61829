"""The actor: an account with what it is linked to, asked once a request."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from backend.accounts import access
from backend.accounts.access import Fields, Scope
from backend.accounts.models import Role, User
from backend.core.errors import NotAllowed
from backend.core.journal import Viewpoint
from backend.people.models import Consent

SHARED_BY: Mapping[str, tuple[str, ...]] = {
    Consent.Item.ALERTS: ("alert.",),
    Consent.Item.VISITS: ("visit.", "order."),
    Consent.Item.HEALTH: ("health.", "reading."),
    Consent.Item.LOCATION: ("position.",),
    Consent.Item.ASSISTANCE: ("case.", "benefit."),
    Consent.Item.WELLBEING: ("reminder.", "ok."),
}
"""Which events of the journal a family sees by which consent; all others need none."""


@dataclass(frozen=True)
class Actor:
    """Who asks, and the links that scopes are made of."""

    user_id: UUID
    role: Role
    name: str
    area_path: str = ""
    area_id: int | None = None
    resident_id: UUID | None = None
    caregiver_id: UUID | None = None
    contact_ids: frozenset[UUID] = frozenset()
    household_resident_ids: frozenset[UUID] = field(default_factory=frozenset)

    @property
    def reference(self) -> str:
        """How journal, audit and deliveries name this actor."""
        return f"user:{self.user_id}"

    def scope(self, resource: str, action: str) -> Scope | None:
        """The scope for an action, or None."""
        return access.scope_of(self.role, resource, action)

    def fields(self, resource: str, action: str) -> Fields:
        """Which fields the actor reads, or may send, for an action."""
        return access.fields_of(self.role, resource, action)

    def reads(self, resource: str) -> frozenset[str]:
        """Which fields of one thing are shown whole to this actor; pages ask it."""
        return self.fields(resource, "read").whole

    def require(self, resource: str, action: str) -> Scope:
        """The scope for an action.

        Raises:
            NotAllowed: the access table has no row for it.
        """
        scope = self.scope(resource, action)
        if scope is None:
            raise NotAllowed
        return scope

    def viewpoint(self) -> Viewpoint:
        """What of the journal this actor may see."""
        own = {self.resident_id} if self.resident_id else set()
        scope = self.scope("journal", "read")
        references = {self.reference}
        if self.caregiver_id:
            references.add(f"caregiver:{self.caregiver_id}")
        references.update(f"contact:{c}" for c in self.contact_ids)
        return Viewpoint(
            area_paths=(self.area_path,) if scope is Scope.AREA and self.area_path else (),
            resident_ids=frozenset(own) | self.household_resident_ids,
            references=frozenset(references),
            hidden=frozenset(_not_shared(self.household_resident_ids)),
        )


def _not_shared(residents: Collection[UUID]) -> Iterator[tuple[UUID, str]]:
    """The events about these residents that their family does not see, by resident."""
    if not residents:
        return
    given = set(
        Consent.objects.filter(resident__in=residents, withdrawn_at=None).values_list(
            "resident_id", "item"
        )
    )
    for resident in residents:
        for item, beginnings in SHARED_BY.items():
            if (resident, item) not in given:
                yield from ((resident, beginning) for beginning in beginnings)


def actor_of(user: User) -> Actor:
    """The actor of an account; a query for a family's links, and none for anybody else.

    Only accounts of families are linked to contacts: a carer who is somebody's daughter has an
    account for each, so that neither opens what belongs to the other.
    """
    linked = user.contacts.values_list("pk", "resident_id") if user.role == Role.FAMILY else ()
    contacts = list(linked)
    return Actor(
        user_id=user.pk,
        role=Role(user.role),
        name=str(user),
        area_path=user.area.path if user.area else "",
        area_id=user.area_id,
        resident_id=user.resident_id,
        caregiver_id=user.caregiver_id,
        contact_ids=frozenset(pk for pk, _ in contacts),
        household_resident_ids=frozenset(resident for _, resident in contacts),
    )
