"""Who acts on an order or a complaint."""

from dataclasses import dataclass

from backend.accounts.actors import Actor


@dataclass(frozen=True)
class Doer:
    """A reference for the record, and the name that people read."""

    reference: str
    name: str = ""


CLOCKWORK = Doer("system:community")


def doer_of(actor: Actor) -> Doer:
    """Somebody with an account."""
    return Doer(actor.reference, actor.name[:60])
