"""How long ways take: by formula, by a map where one has answered before."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from services.visits.planning.matrix import Matrix
from services.visits.planning.port import Mode, Place

EARTH_RADIUS_M = 6_371_008.8
FIXED_S = 180
"""To leave, to park, to find the door. An assumption until a district measures its own."""
DETOUR = 1.32
"""Source: 1.324 over 25 Chinese cities, DOI 10.1080/19475683.2021.1966503."""
SHORT_DETOUR = 1.4
SHORT_M = 1_000
"""Detours are longer on short ways (same source); the factor on top is an assumption."""
SPEED_KMH = {Mode.WALK: 4.5, Mode.EBIKE: 15.0, Mode.CAR: 22.0}
"""Door to door in a Chinese city; assumptions until a district learns its own from check-ins."""


def haversine_m(places: Sequence[Place]) -> npt.NDArray[np.float64]:
    """Metres as the crow flies between all places."""
    lat = np.radians(np.array([place.lat for place in places], dtype=np.float64))
    lon = np.radians(np.array([place.lon for place in places], dtype=np.float64))
    half = (
        np.sin((lat[:, None] - lat) / 2) ** 2
        + np.cos(lat)[:, None] * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    )
    metres: npt.NDArray[np.float64] = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(half, 1)))
    return metres


class FormulaTravel:
    """The default: needs nothing but the two points. No way within one place takes time."""

    def __init__(self, speed_kmh: Mapping[Mode, float] = SPEED_KMH) -> None:
        """Speeds can be a district's own."""
        self._speed_kmh = speed_kmh

    def seconds(self, places: Sequence[Place], mode: Mode) -> Matrix:
        """Seconds between all places; 0 between equal ones."""
        metres = haversine_m(places)
        detour = np.where(metres < SHORT_M, DETOUR * SHORT_DETOUR, DETOUR)
        seconds = FIXED_S + metres * detour / (self._speed_kmh[mode] / 3.6)
        whole: Matrix = np.rint(seconds).astype(np.int64)
        whole[_same(places)] = 0
        return whole

    def estimated(self, places: Sequence[Place], mode: Mode) -> npt.NDArray[np.bool_]:  # noqa: ARG002
        """All of them."""
        return np.full((len(places), len(places)), fill_value=True)


class KnownTravel:
    """Ways that a map server gave earlier, and the formula for the rest.

    Planning never waits for a map: somebody else fills `known` between plans.
    """

    def __init__(self, known: Mapping[tuple[Place, Place, Mode], int]) -> None:
        """`known` may be any mapping, such as a cache."""
        self._known = known
        self._formula = FormulaTravel()

    def seconds(self, places: Sequence[Place], mode: Mode) -> Matrix:
        """Known seconds where there are some."""
        seconds = self._formula.seconds(places, mode)
        for row, column, known_s in self._legs(places, mode):
            seconds[row, column] = known_s
        return seconds

    def estimated(self, places: Sequence[Place], mode: Mode) -> npt.NDArray[np.bool_]:
        """Those that are not known."""
        estimated = self._formula.estimated(places, mode)
        for row, column, _ in self._legs(places, mode):
            estimated[row, column] = False
        return estimated

    def _legs(self, places: Sequence[Place], mode: Mode) -> list[tuple[int, int, int]]:
        rows: dict[Place, list[int]] = {}
        for row, place in enumerate(places):
            rows.setdefault(place, []).append(row)
        return [
            (row, column, known_s)
            for (origin, destination, by), known_s in self._known.items()
            if by == mode
            for row in rows.get(origin, ())
            for column in rows.get(destination, ())
        ]


def _same(places: Sequence[Place]) -> npt.NDArray[np.bool_]:
    numbers: dict[Place, int] = {}
    which = np.array([numbers.setdefault(place, len(numbers)) for place in places])
    same: npt.NDArray[np.bool_] = which[:, None] == which
    return same
