import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from backend.runtime import ports
from backend.runtime.valkey import Valkey


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Valkey]:
    (tmp_path / "有 空格").mkdir()
    server = Valkey(tmp_path / "有 空格", port=ports.any_free(), password="not-for-others")
    server.start()
    yield server
    server.stop()


def test_what_it_holds_survives_a_restart(server: Valkey) -> None:
    with redis.from_url(server.url) as client:
        client.set("queued", "1")
    server.stop()
    assert not server.is_ready()
    server.start()
    with redis.from_url(server.url) as client:
        assert client.get("queued") == b"1"


def test_without_the_password_it_answers_nothing(server: Valkey) -> None:
    url = server.url.replace("not-for-others", "guessed")
    with redis.from_url(url) as client, pytest.raises(redis.AuthenticationError):
        client.ping()


def test_the_password_is_in_a_private_file_and_in_no_command_line(
    server: Valkey, tmp_path: Path
) -> None:
    config = tmp_path / "有 空格" / "valkey" / "valkey.conf"
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    assert "not-for-others" in config.read_text()
    assert "not-for-others" not in " ".join(server.program.argv())
