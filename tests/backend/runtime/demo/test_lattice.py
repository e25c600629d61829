"""The ground plan tiles: every place of the district is in one grid, community and street."""

from itertools import pairwise

from backend.places.geo import is_inside
from backend.runtime.demo.context import SMALL, Context
from backend.runtime.demo.lattice import Block, Lattice
from tests.builders import NOON

COLUMNS, ROWS = 4, 10
CONTEXT = Context(seed=7, size=SMALL, now=NOON, is_new=True, issues=True)
ALL = Block(0, 0, COLUMNS, ROWS)
CELLS = [Block(x, y, x + 1, y + 1) for x in range(COLUMNS) for y in range(ROWS)]


def doubled_area(outline: list[list[list[float]]]) -> float:
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise(outline[0]))


def test_the_cells_of_a_block_have_its_area_together() -> None:
    lattice = Lattice(COLUMNS, ROWS, CONTEXT.chance("ground"))
    together = sum(doubled_area(lattice.outline(cell)) for cell in CELLS)
    assert abs(together - doubled_area(lattice.outline(ALL))) < 1e-9


def test_a_place_in_a_cell_is_in_the_outline_of_that_cell_alone() -> None:
    chance = CONTEXT.chance("places")
    lattice = Lattice(COLUMNS, ROWS, chance)
    outlines = {cell: lattice.outline(cell) for cell in CELLS}
    for cell in CELLS:
        place = lattice.within(cell.left, cell.bottom, chance.random(), chance.random())
        holding = [c for c, o in outlines.items() if is_inside(o, lat=place.lat, lon=place.lon)]
        assert holding == [cell]
