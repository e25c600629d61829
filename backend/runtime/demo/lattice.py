"""The ground plan: a bent lattice whose cells are grids, its blocks communities and streets.

Neighbours share their corners, so the polygons of each level tile the district without gaps.
"""

import random
from dataclasses import dataclass

from backend.places.datum import Position

CENTRE = Position(31.57, 120.30)
CELL_LAT, CELL_LON = 0.0050, 0.0085
"""Degrees; a grid is about 800 m by 550 m."""
BEND = 0.22
"""How far a corner is moved, as a part of a cell."""

Ring = list[list[float]]


@dataclass(frozen=True)
class Block:
    """Cells from one corner to another, the upper ones not included."""

    left: int
    bottom: int
    right: int
    top: int


class Lattice:
    """Corners of `columns` by `rows` cells around the centre."""

    def __init__(self, columns: int, rows: int, chance: random.Random) -> None:
        """Bend each corner a little."""
        west = CENTRE.lon - columns / 2 * CELL_LON
        south = CENTRE.lat - rows / 2 * CELL_LAT
        self._corners = [
            [
                (
                    round(west + (x + chance.uniform(-BEND, BEND)) * CELL_LON, 6),
                    round(south + (y + chance.uniform(-BEND, BEND)) * CELL_LAT, 6),
                )
                for y in range(rows + 1)
            ]
            for x in range(columns + 1)
        ]

    def outline(self, block: Block) -> list[Ring]:
        """The border of a block as GeoJSON coordinates, anticlockwise."""
        left, bottom, right, top = block.left, block.bottom, block.right, block.top
        walk = [(x, bottom) for x in range(left, right)]
        walk += [(right, y) for y in range(bottom, top)]
        walk += [(x, top) for x in range(right, left, -1)]
        walk += [(left, y) for y in range(top, bottom, -1)]
        ring = [list(self._corners[x][y]) for x, y in walk]
        return [[*ring, ring[0]]]

    def within(self, x: int, y: int, across: float, up: float) -> Position:
        """A place in a cell, by its share of the way across and up."""
        corners = self._corners
        weighted = (
            (corners[x][y], (1 - across) * (1 - up)),
            (corners[x + 1][y], across * (1 - up)),
            (corners[x][y + 1], (1 - across) * up),
            (corners[x + 1][y + 1], across * up),
        )
        return Position(
            round(sum(corner[1] * weight for corner, weight in weighted), 6),
            round(sum(corner[0] * weight for corner, weight in weighted), 6),
        )
