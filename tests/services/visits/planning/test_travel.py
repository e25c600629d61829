import pytest

from services.visits.planning.port import Mode, Place
from services.visits.planning.travel import FormulaTravel, KnownTravel

HERE = Place(31.49, 120.31)
TWO_KM_NORTH = Place(31.49 + 2 / 111.195, 120.31)
HALF_KM_NORTH = Place(31.49 + 0.5 / 111.195, 120.31)


@pytest.mark.parametrize(
    ("mode", "there", "seconds"),
    [
        (Mode.WALK, TWO_KM_NORTH, 180 + 2 * 1.32 / 4.5 * 3600),
        (Mode.EBIKE, TWO_KM_NORTH, 180 + 2 * 1.32 / 15 * 3600),
        (Mode.CAR, TWO_KM_NORTH, 180 + 2 * 1.32 / 22 * 3600),
        (Mode.WALK, HALF_KM_NORTH, 180 + 0.5 * 1.32 * 1.4 / 4.5 * 3600),
    ],
)
def test_ways_take_what_the_formula_says(mode: Mode, there: Place, seconds: float) -> None:
    matrix = FormulaTravel().seconds([HERE, there], mode)

    assert matrix[0, 1] == pytest.approx(seconds, abs=2)
    assert matrix[0, 1] == matrix[1, 0]
    assert matrix[0, 0] == 0


def test_two_visits_in_one_house_need_no_way() -> None:
    assert FormulaTravel().seconds([HERE, HERE], Mode.WALK)[0, 1] == 0


def test_a_known_way_replaces_the_formula_and_is_no_estimate() -> None:
    travel = KnownTravel({(HERE, TWO_KM_NORTH, Mode.CAR): 777})
    places = [HERE, TWO_KM_NORTH]

    assert travel.seconds(places, Mode.CAR)[0, 1] == 777
    assert travel.seconds(places, Mode.CAR)[1, 0] != 777
    assert not travel.estimated(places, Mode.CAR)[0, 1]
    assert travel.estimated(places, Mode.CAR)[1, 0]
    assert travel.estimated(places, Mode.WALK).all()
