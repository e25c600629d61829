import socket
from collections.abc import Iterator

import pytest

from backend.runtime import ports
from backend.runtime.doors import open_doors
from backend.runtime.errors import PortTaken


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_preferred_port_that_is_free_is_taken() -> None:
    port = ports.any_free()
    assert ports.choose(port) == port


def test_another_port_is_chosen_when_the_preferred_one_is_in_use(taken: int) -> None:
    chosen = ports.choose(taken)
    assert chosen != taken
    assert ports.is_free(chosen, host="127.0.0.1")


def test_a_port_already_given_to_another_door_is_not_chosen_twice() -> None:
    port = ports.any_free()
    assert ports.choose(port, besides=[port]) != port


def test_a_port_asked_for_by_name_must_be_free(taken: int) -> None:
    with pytest.raises(PortTaken, match=f"PORT={taken}"):
        ports.demand("PORT", str(taken))


@pytest.mark.parametrize("value", ["0", "65536", "-1", "http", "八千", "80.5"])
def test_what_is_no_port_is_refused(value: str) -> None:
    with pytest.raises(PortTaken):
        ports.demand("PORT", value)


def test_the_doors_keep_the_ports_asked_for_and_are_all_different() -> None:
    port = ports.any_free()
    doors = open_doors({"PORT": str(port)})
    assert doors.http == port
    assert len({doors.http, doors.mqtt, doors.watch, doors.phones}) == 4
    assert doors.url == f"http://127.0.0.1:{port}"
