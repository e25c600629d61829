"""What `manage.py up` runs, in which order, with which environment: the process list as data."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from backend import env
from backend.runtime import doors, ports
from backend.runtime.forks import ForkServer
from backend.runtime.postgres import Postgres
from backend.runtime.program import Program
from backend.runtime.state import State
from backend.runtime.valkey import Valkey

DEMO_NUMBER = "+8651088880000"
BUTTON = "sos_button"
# More memory pools than two cores can use would only be memory. `migrate` has made the worker's
# checks before.
SMALL = {"MALLOC_ARENA_MAX": "2", "PYTHONUNBUFFERED": "1", "CELERY_SKIP_CHECKS": "1"}
# Without it, as many containers have it, every start compiles all: 45 s of work instead of 13.
KEEP_BYTECODE = {"PYTHONDONTWRITEBYTECODE": ""}
# What several programs would load, each for itself. Not what runs as `__main__`: that is run anew.
PRELOADED = (
    "backend.asgi",
    "backend.urls",
    "backend.web.sockets",
    "celery.apps.worker",
    "celery.beat",
    "celery.concurrency.thread",
    "uvicorn.protocols.http.httptools_impl",
    "twilio.rest",
)
PRELOADED_BY_DEMO = ("notifications.senders.demo_phone.server", "devices.simulator.senders")
# The demo is shown at any hour; its telephones wake nobody.
RINGS_AT_ANY_HOUR = {"ROUTINE_CALLS_FROM_H": "0", "ROUTINE_CALLS_UNTIL_H": "24"}

Stages = tuple[tuple[Program, ...], ...]


class Installation:
    """One installation in one state folder: its servers, its environment, its programs."""

    def __init__(self, state: State, *, demo: bool, environ: Mapping[str, str] = os.environ):
        """Decide the doors and find the embedded servers that are needed.

        Raises:
            RuntimeFault: a port is taken, or there is no server for this platform.
        """
        self.state = state
        self.demo = demo
        self.doors = doors.open_doors(environ)
        self.demo_file = state.root / "demo.json"
        self._given = env.resolved(environ)
        self._secrets = state.secrets()
        self._servers: list[Program] = []
        self._forks = ForkServer()
        self._postgres: Postgres | None = None
        self.environ = self._environ()

    def stages(self) -> Stages:
        """The programs; each stage starts when the one before is ready."""
        servers = (*self._servers, self._fork_server())
        migrate = self._program(
            "migrate", sys.executable, "manage.py", "migrate", "--no-input", once=True, owner=True
        )
        if not self.demo:
            return (servers, (migrate,), self._always())
        seed_demo = ("seed_demo", "--out", str(self.demo_file))
        seed = self._program("seed", sys.executable, "manage.py", *seed_demo, once=True)
        return (servers, (migrate,), (seed,), (*self._always(), *self._demo()))

    def close(self) -> None:
        """Take away what stopped programs leave outside the state folder."""
        self._forks.close()
        if self._postgres is not None:
            self._postgres.release()

    def _environ(self) -> dict[str, str]:
        ours = {
            **SMALL,
            "SECRET_KEY": self._secrets["SECRET_KEY"],
            "FIELD_KEYS": self._secrets["FIELD_KEYS"],
            "BACKUP_KEY": self._secrets["BACKUP_KEY"],
            "AUDIT_KEYS": self._secrets["AUDIT_KEYS"],
            "PUBLIC_URL": self.doors.url,
        }
        given = {name: self._given[name] for name in ours if self._given.get(name)}
        return {
            **ours,
            **given,
            **KEEP_BYTECODE,
            "YIAN_STATE": str(self.state.root),
            "PORT": str(self.doors.http),
            "MQTT_PORT": str(self.doors.mqtt),
            "WATCH_PORT": str(self.doors.watch),
            **self._database(),
            "REDIS_URL": self._given.get("REDIS_URL") or self._embedded_valkey(),
            **(self._demo_environ() if self.demo else {"YIAN_DEMO": "false"}),
        }

    def _database(self) -> dict[str, str]:
        """Where the database is, for the application and for the owner of its tables."""
        if url := self._given.get("DATABASE_URL"):
            owner = self._given.get("MIGRATE_DATABASE_URL", "")
            return {"DATABASE_URL": url, "MIGRATE_DATABASE_URL": owner}
        self._postgres = Postgres(self.state.root)
        self._servers.append(self._postgres.program)
        return {
            "DATABASE_URL": self._postgres.application_url,
            "MIGRATE_DATABASE_URL": self._postgres.url,
        }

    def _embedded_valkey(self) -> str:
        password = self._secrets["VALKEY_PASSWORD"]
        valkey = Valkey(self.state.root, port=ports.any_free(), password=password)
        self._servers.append(valkey.program)
        return valkey.url

    def _demo_environ(self) -> dict[str, str]:
        """The demo's phones in place of a provider, even if one is configured."""
        phones = f"http://{self.doors.host}:{self.doors.phones}"
        return {
            "YIAN_DEMO": "true",
            "POLICY_PACK": "demo",
            **RINGS_AT_ANY_HOUR,
            "DEMO_PHONES_URL": phones,
            "TWILIO_API_BASE": phones,
            "TWILIO_ACCOUNT_SID": self._secrets["DEMO_TWILIO_ACCOUNT_SID"],
            "TWILIO_AUTH_TOKEN": self._secrets["DEMO_TWILIO_AUTH_TOKEN"],
            "TWILIO_AUTH_TOKEN_FILE": "",
            "TWILIO_FROM": DEMO_NUMBER,
            "EMERGENCY_PHONE": "0" + DEMO_NUMBER.removeprefix("+86"),
        }

    def _always(self) -> tuple[Program, ...]:
        worker = ("-m", "backend.runtime.worker", str(self.state.root / "beat"))
        return (
            self._forked("web", *self._uvicorn("backend.asgi:application", self.doors.http)),
            self._forked("tick", "manage.py", "tick"),
            self._forked("worker", *worker),
        )

    def _demo(self) -> tuple[Program, ...]:
        server = "notifications.senders.demo_phone.server:application"
        return (
            self._forked("phones", *self._uvicorn(server, self.doors.phones)),
            self._forked("homes", "-m", "devices.simulator"),
        )

    def _fork_server(self) -> Program:
        """Loads while the servers start; nobody waits for it but who is forked from it."""
        modules = (*PRELOADED, *(PRELOADED_BY_DEMO if self.demo else ()))
        forkserver = ("-m", "backend.runtime.forkserver", *modules)
        loading = self._program("forkserver", sys.executable, *forkserver)
        return replace(loading, starter=self._forks.spawn, is_ready=lambda: True)

    def _forked(self, name: str, *command: str) -> Program:
        return replace(
            self._program(name, sys.executable, *command),
            prepare=self._forks.wait_until_loaded,
            starter=self._forks.fork,
        )

    def _uvicorn(self, application: str, port: int) -> tuple[str, ...]:
        listen = ("--host", self.doors.host, "--port", str(port))
        return ("-m", "backend.runtime.serving", application, *listen)

    def _program(
        self, name: str, *command: str, once: bool = False, owner: bool = False
    ) -> Program:
        """Only the `owner` of the tables is told how to be it."""
        is_ready = self._web_is_ready if name == "web" else None
        environ = self.environ if owner else {**self.environ, "MIGRATE_DATABASE_URL": ""}
        return Program(
            name=name,
            command=command,
            log=self.state.log(name),
            environ=environ,
            once=once,
            is_ready=is_ready,
        )

    def _web_is_ready(self) -> bool:
        return doors.answers_ok(self.doors.host, self.doors.http, "/readyz")


def summary(installation: Installation, seeded: dict[str, Any]) -> str:
    """What is said in the terminal when everything is ready; `seeded` is what the demo holds."""
    state, here = installation.state, installation.doors
    url = here.url
    lines = [
        "",
        "Yian is ready.",
        f"  elders and families  {url}/",
        f"  caregivers           {url}/care/",
        f"  care centre          {url}/desk/",
        f"  devices              {url}/ingest/v1/observations  mqtt://{here.host}:{here.mqtt}",
    ]
    if installation.demo:
        links = _first_links(seeded.get("users", []))
        lines += [f"  demo phones          {url}/demo/phones", "", "Sign in, each link once:"]
        lines += [f"  {role:<20} {link}" for role, link in links.items()]
        lines += ["  (the next make up prints new ones; one private window for each person)"]
        lines += _press(url, seeded.get("devices", []))
    lines += ["", f"Addresses and tokens: {state.run_file}  logs: {state.root / 'log'}"]
    return "\n".join([*lines, "Stop with Ctrl-C."])


def _press(url: str, devices: list[dict[str, str]]) -> list[str]:
    """A command that presses the first button of a home, to be copied."""
    button = next((each for each in devices if each["kind"] == BUTTON), None)
    if button is None:
        return []
    press = json.dumps({"device": button["id"], "metric": "sos", "value": True})
    token = f"Authorization: Bearer {button['token']}"
    door = f"{url}/ingest/v1/observations"
    return ["", "Press a button at home:", f"  curl {door} -H '{token}' -d '{press}'"]


def _first_links(users: list[dict[str, str]]) -> dict[str, str]:
    """A sign-in link for each role: its first account's."""
    links: dict[str, str] = {}
    for user in users:
        if user.get("sign_in_link"):
            links.setdefault(user["role"], user["sign_in_link"])
    return links
