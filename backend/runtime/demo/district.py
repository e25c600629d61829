"""Areas of the demo: a district of streets, each of 8 communities, each of 5 grids."""

from dataclasses import dataclass

from backend.places.datum import Position
from backend.places.models import Area
from backend.runtime.demo import tables
from backend.runtime.demo.context import DISTRICT_CODE, Context
from backend.runtime.demo.lattice import Block, Lattice

COLUMNS_A_STREET = 4
GRIDS_A_COMMUNITY = 5
ROWS = 2 * GRIDS_A_COMMUNITY


@dataclass(frozen=True)
class Cell:
    """A grid with its place in the lattice."""

    area: Area
    x: int
    y: int


class District:
    """The areas of the demo while it is being planted."""

    def __init__(self, context: Context) -> None:
        """Lay out the ground and write the areas, level by level."""
        columns = context.size.streets * COLUMNS_A_STREET
        self.lattice = Lattice(columns, ROWS, context.chance("ground"))
        self.root = self._write([self._root(columns)])[0]
        self.streets = self._write([self._street(n) for n in range(context.size.streets)])
        self.communities = self._write(
            [
                self._community(street, n)
                for street in range(context.size.streets)
                for n in range(2 * COLUMNS_A_STREET)
            ]
        )
        self.cells = self._grids()

    def place(self, cell: Cell, across: float, up: float) -> Position:
        """A place in a grid."""
        return self.lattice.within(cell.x, cell.y, across, up)

    def _root(self, columns: int) -> Area:
        return self._area(
            None,
            Area.Level.DISTRICT,
            DISTRICT_CODE,
            tables.DISTRICT,
            Block(0, 0, columns, ROWS),
        )

    def _street(self, number: int) -> Area:
        left = number * COLUMNS_A_STREET
        return self._area(
            self.root,
            Area.Level.STREET,
            f"{number + 1:03d}",
            f"{tables.STREETS[number]}街道",
            Block(left, 0, left + COLUMNS_A_STREET, ROWS),
        )

    def _community(self, street: int, number: int) -> Area:
        x, bottom = self._column(street, number)
        name = tables.COMMUNITIES[street * 2 * COLUMNS_A_STREET + number]
        return self._area(
            self.streets[street],
            Area.Level.COMMUNITY,
            f"{number + 1:03d}",
            f"{name}社区",
            Block(x, bottom, x + 1, bottom + GRIDS_A_COMMUNITY),
        )

    def _column(self, street: int, community: int) -> tuple[int, int]:
        """Where a community's column of grids starts: two of them above one another."""
        column, half = divmod(community, 2)
        return street * COLUMNS_A_STREET + column, half * GRIDS_A_COMMUNITY

    def _grids(self) -> list[Cell]:
        cells = []
        for number, community in enumerate(self.communities):
            street, place = divmod(number, 2 * COLUMNS_A_STREET)
            x, bottom = self._column(street, place)
            for n in range(GRIDS_A_COMMUNITY):
                name = f"{community.name}第{'一二三四五'[n]}网格"
                block = Block(x, bottom + n, x + 1, bottom + n + 1)
                area = self._area(community, Area.Level.GRID, f"{n + 1:02d}", name, block)
                cells.append(Cell(area, x, bottom + n))
        self._write([cell.area for cell in cells])
        return cells

    def _area(
        self, parent: Area | None, level: Area.Level, code: str, name: str, block: Block
    ) -> Area:
        middle_x, middle_y = (block.left + block.right) // 2, (block.bottom + block.top) // 2
        office = self.lattice.within(
            min(middle_x, block.right - 1), min(middle_y, block.top - 1), 0.5, 0.5
        )
        return Area(
            parent=parent,
            level=level,
            code=code,
            path=f"{parent.path if parent else ''}{code}.",
            name=name,
            polygon=self.lattice.outline(block),
            office_lat=office.lat,
            office_lon=office.lon,
        )

    @staticmethod
    def _write(areas: list[Area]) -> list[Area]:
        return Area.objects.bulk_create(areas)
