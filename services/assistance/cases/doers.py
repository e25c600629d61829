"""Who acts on a case: an officer of the street or the county, the applicant, or the clock."""

from dataclasses import dataclass
from uuid import UUID

from backend.accounts.actors import Actor
from backend.accounts.models import Role
from services.assistance.cases.errors import NotYourStep
from services.assistance.cases.machine import Level


@dataclass(frozen=True)
class Doer:
    """Somebody with the office they act for."""

    reference: str
    name: str
    level: Level
    user_id: UUID | None = None

    @property
    def account(self) -> UUID:
        """The account, where only somebody with one can act.

        Raises:
            NotYourStep: the clock acts.
        """
        if self.user_id is None:
            raise NotYourStep
        return self.user_id


CLOCKWORK = Doer("system", "", Level.SYSTEM)


def doer_of(actor: Actor) -> Doer:
    """The actor as one who acts on cases; officers of a whole district are the county."""
    if actor.role in {Role.RESIDENT, Role.FAMILY}:
        return Doer(actor.reference, actor.name, Level.APPLICANT)
    level = Level.COUNTY if is_county(actor.area_path) else Level.STREET
    return Doer(actor.reference, actor.name, level, actor.user_id)


def is_county(area_path: str) -> bool:
    """Whether an office serves a whole district."""
    return area_path.count(".") == 1
