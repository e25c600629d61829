import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import pytest

from backend.runtime import ports
from backend.runtime.doors import answers_ok
from backend.runtime.errors import PortTaken
from backend.runtime.installation import PRELOADED, PRELOADED_BY_DEMO, Installation, summary
from backend.runtime.state import State

ELSEWHERE = {"DATABASE_URL": "postgresql://db/yian", "REDIS_URL": "redis://valkey/0"}


def an_installation(folder: Path, *, demo: bool = True, **environ: str) -> Installation:
    return Installation(State(folder), demo=demo, environ={**ELSEWHERE, **environ})


def names(installation: Installation) -> list[list[str]]:
    return [[program.name for program in stage] for stage in installation.stages()]


def test_each_stage_waits_for_the_one_before(tmp_path: Path) -> None:
    assert names(an_installation(tmp_path)) == [
        ["forkserver"],
        ["migrate"],
        ["seed"],
        ["web", "tick", "worker", "phones", "homes"],
    ]


def test_without_the_demo_nothing_is_invented(tmp_path: Path) -> None:
    installation = an_installation(tmp_path, demo=False, TWILIO_AUTH_TOKEN="of the provider")
    assert names(installation) == [["forkserver"], ["migrate"], ["web", "tick", "worker"]]
    assert installation.environ["YIAN_DEMO"] == "false"
    assert "TWILIO_AUTH_TOKEN" not in installation.environ  # inherited as given


@pytest.mark.parametrize("module", [*PRELOADED, *PRELOADED_BY_DEMO])
def test_what_is_loaded_before_the_forks_can_be_found(module: str) -> None:
    assert find_spec(module) is not None


def test_the_demo_never_reaches_a_real_provider(tmp_path: Path) -> None:
    installation = an_installation(
        tmp_path, TWILIO_AUTH_TOKEN="real", TWILIO_API_BASE="https://api.twilio.com"
    )
    phones = f"http://127.0.0.1:{installation.doors.phones}"
    assert installation.environ["TWILIO_API_BASE"] == phones
    assert installation.environ["TWILIO_AUTH_TOKEN"] != "real"


def test_the_embedded_servers_start_first_where_no_others_are_named(tmp_path: Path) -> None:
    installation = Installation(State(tmp_path), demo=False, environ={})
    assert names(installation)[0] == ["postgres", "valkey", "forkserver"]
    assert installation.environ["DATABASE_URL"].startswith("postgresql://yian_app@/yian?host=/")
    installation.close()


def test_only_migrations_are_told_how_to_own_the_tables(tmp_path: Path) -> None:
    owner = "postgresql://owner@db/yian"
    *_servers, (migrate,), (seed,), always = an_installation(
        tmp_path, MIGRATE_DATABASE_URL=owner
    ).stages()

    assert migrate.environ["MIGRATE_DATABASE_URL"] == owner
    assert {each.environ["MIGRATE_DATABASE_URL"] for each in (seed, *always)} == {""}


def test_one_server_can_be_elsewhere_and_the_other_embedded(tmp_path: Path) -> None:
    installation = an_installation(tmp_path, REDIS_URL="")
    assert names(installation)[0] == ["valkey", "forkserver"]
    assert installation.environ["DATABASE_URL"] == ELSEWHERE["DATABASE_URL"]


def test_every_process_knows_the_doors_and_the_secrets(tmp_path: Path) -> None:
    port = ports.any_free()
    installation = an_installation(tmp_path, PORT=str(port), PUBLIC_URL="https://yian.example")
    web = installation.stages()[-1][0]
    assert str(port) in web.command
    assert web.environ["PORT"] == str(port)
    assert web.environ["PUBLIC_URL"] == "https://yian.example"
    assert web.environ["SECRET_KEY"] == State(tmp_path).secrets()["SECRET_KEY"]
    assert web.environ["YIAN_STATE"] == str(tmp_path)


def test_programs_keep_their_bytecode_even_where_the_terminal_forbids_it(tmp_path: Path) -> None:
    installation = an_installation(tmp_path, PYTHONDONTWRITEBYTECODE="1")
    assert all(not p.environ["PYTHONDONTWRITEBYTECODE"] for p in installation.stages()[-1])


def test_a_port_asked_for_that_is_taken_stops_the_start(tmp_path: Path, server: int) -> None:
    with pytest.raises(PortTaken, match=f"MQTT_PORT={server}"):
        an_installation(tmp_path, MQTT_PORT=str(server))


def test_the_terminal_shows_the_addresses_and_a_sign_in_link_a_role(tmp_path: Path) -> None:
    installation = an_installation(tmp_path)
    link = "http://127.0.0.1/sign-in/once"
    users = [
        {"role": "operator", "sign_in_link": link},
        {"role": "operator", "sign_in_link": f"{link}-of-another"},
        {"role": "auditor"},
    ]
    devices = [
        {"kind": "motion", "id": "1", "token": "yian_dev_of_a_sensor"},
        {"kind": "sos_button", "id": "2", "token": "yian_dev_of_a_button"},
    ]
    told = summary(installation, {"users": users, "devices": devices})
    assert f"{installation.doors.url}/desk/" in told
    assert told.count(link) == 1
    assert 'yian_dev_of_a_button\' -d \'{"device": "2"' in told
    assert "yian_dev_of_a_sensor" not in told
    assert str(installation.state.run_file) in told


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/readyz" else 503)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as http:
        threading.Thread(target=http.serve_forever).start()
        yield http.server_port
        http.shutdown()


def test_only_200_counts_as_ready(server: int) -> None:
    assert answers_ok("127.0.0.1", server, "/readyz")
    assert not answers_ok("127.0.0.1", server, "/still-starting")
    assert not answers_ok("127.0.0.1", ports.any_free(), "/readyz")


def test_no_secret_stands_where_others_could_read_it(tmp_path: Path) -> None:
    installation = Installation(State(tmp_path), demo=True, environ={})
    secrets = set(installation.state.secrets().values())
    lines = [
        part
        for stage in installation.stages()
        for program in stage
        for part in (*program.argv(), program.log.name)
    ]
    said = summary(installation, {})
    installation.state.write_processes({"web": 1})

    assert [part for part in lines for secret in secrets if secret in part] == []
    assert [secret for secret in secrets if secret in said] == []
    for file in (installation.state.processes_file, tmp_path / "secrets"):
        assert file.stat().st_mode & 0o077 == 0
    installation.close()


def test_what_is_given_in_a_file_is_what_the_processes_get(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("k9:given\n")
    installation = an_installation(tmp_path / "var", FIELD_KEYS_FILE=str(file))
    assert installation.environ["FIELD_KEYS"] == "k9:given"
