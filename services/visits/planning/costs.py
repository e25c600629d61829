"""What a plan costs, in seconds of travel that one would rather have than the thing itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.visits.planning.port import Priority


@dataclass(frozen=True, slots=True)
class Costs:
    """All are our own judgement, to be weighed by a district; no source gives them."""

    late_per_s: Mapping[Priority, float] = field(
        default_factory=lambda: {
            Priority.LOW: 0.5,
            Priority.ORDINARY: 1.0,
            Priority.HIGH: 4.0,
            Priority.CRITICAL: 16.0,
        }
    )
    unserved: Mapping[Priority, int] = field(
        default_factory=lambda: {
            Priority.LOW: 30_000,
            Priority.ORDINARY: 60_000,
            Priority.HIGH: 240_000,
            Priority.CRITICAL: 960_000,
        }
    )
    """Far above any travel of one visit, so that only time and people keep one from being made."""
    stranger: int = 600
    """A carer who is not among the preferred ones."""
    changed_carer: int = 1_200
    """Another carer than was announced: twenty minutes on the way."""
    moved_per_s: float = 1.0
    """Another time than was announced, beyond a quarter of an hour: as bad as being late."""
    moved_free_s: int = 900
