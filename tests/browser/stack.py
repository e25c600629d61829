"""A small running district for the browser tests: real servers, web processes and the tick."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from backend.runtime import ports, throwaway
from backend.runtime.installation import RINGS_AT_ANY_HOUR
from tests import template

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN_S = 40.0
STOP_WITHIN_S = 15.0
SEED = "7"
TELEPHONES = "notifications.senders.demo_phone.server:application"
QUICK_LADDER = [
    {"to": ["operators", "resident"], "wait_s": 0, "channels": ["screen", "voice"]},
    {"to": ["first_contact", "nearest_caregiver"], "wait_s": 2, "channels": ["voice", "app"]},
    {"to": ["next_contacts", "next_caregivers"], "wait_s": 60, "channels": ["voice", "app"]},
]
"""The default ladder with shorter waits."""


class Process:
    """One process of ours that a test may stop and start again."""

    def __init__(self, *command: str, environ: dict[str, str], log: Path):
        """Keep how it is started."""
        self.command = (sys.executable, "-W", "ignore", *command)
        self.environ = environ
        self.log = log
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environ, stdout=log, stderr=log
            )

    def kill(self) -> None:
        """End it at once, as a crash would; ended already is fine."""
        if self.running is not None:
            self.running.kill()
            self.running.wait(STOP_WITHIN_S)
            self.running = None


@dataclass(frozen=True)
class District:
    """The seeded demo district, served at `url` by `web` and at `other_url` by a second process."""

    url: str
    web: Process
    other_url: str
    seeded: dict[str, Any]

    def account(self, role: str, number: int = 0) -> dict[str, Any]:
        """The accounts of a role, in the order in which they were seeded."""
        accounts = [user for user in self.seeded["users"] if user["role"] == role]
        account: dict[str, Any] = accounts[number]
        return account

    def named(self, username: str) -> dict[str, Any]:
        """The account of this name."""
        account: dict[str, Any] = next(
            user for user in self.seeded["users"] if user["username"] == username
        )
        return account

    def api(self, username: str) -> httpx.Client:
        """The API as this account reaches it."""
        token = self.named(username)["api_token"]
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=20, trust_env=False)

    def shorten_the_ladder(self) -> None:
        """Let the elder's area ask contacts and caregivers after two seconds."""
        area = self.seeded["stories"]["elder"]["area"]
        with self.api("lead") as lead:
            path = f"/api/v1/areas/{area}/escalation-policy/"
            lead.put(path, json={"steps": QUICK_LADDER}).raise_for_status()

    def press(self, *, by: int = 0, at: str = "") -> str:
        """A resident's help button, pressed at the public door; the id of the call."""
        token = [user["sos_token"] for user in self.seeded["users"] if user.get("sos_token")][by]
        answer = httpx.post(f"{at or self.url}/ingest/v1/sos", json={"token": token}, timeout=20)
        answer.raise_for_status()
        call: str = answer.json()["call"]
        return call

    def press_unknown(self) -> str:
        """The red button of somebody nobody knows; the id of the call."""
        answer = httpx.post(f"{self.url}/ingest/v1/sos", json={"name": "a neighbour"}, timeout=20)
        answer.raise_for_status()
        call: str = answer.json()["call"]
        return call

    def close_unknown(self) -> None:
        """End the open calls of nobody known, so that the next such press is a call of its own."""
        with self.api("operator1") as operator:
            for call in operator.get("/api/v1/calls/?state=ringing").json()["results"]:
                if not call["verified"]:
                    path = f"/api/v1/calls/{call['id']}/resolve/"
                    operator.post(path, json={"outcome": "false_alarm"}).raise_for_status()

    def elders_name(self) -> str:
        """The name of the elder of the story, as the desk knows it."""
        with self.api("operator1") as operator:
            answer = operator.get(
                f"/api/v1/residents/{self.seeded['stories']['elder']['resident']}/"
            )
        name: str = answer.raise_for_status().json()["name"]
        return name

    def report_water(self) -> None:
        """A sensor of somebody's home says that there is water on the floor."""
        token = self.seeded["devices"][0]["token"]
        said = {"device": self.seeded["devices"][0]["id"], "metric": "water", "value": True}
        answer = httpx.post(
            f"{self.url}/ingest/v1/observations",
            json=said,
            headers={"Authorization": f"Bearer {token}"},
            timeout=20,
        )
        answer.raise_for_status()

    def wait_until_served(self, url: str) -> None:
        """Wait for a web process."""
        end = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < end:
            try:
                if httpx.get(f"{url}/readyz", timeout=5).is_success:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.2)
        raise TimeoutError(self.web.log.read_text(errors="replace")[-2000:])


@contextmanager
def a_district(folder: Path, *, with_telephones: bool = False) -> Iterator[District]:
    """A district of its own while the block runs; nothing of it stays.

    Without telephones nobody is reached by a provider.
    """
    with ExitStack() as stack:
        served = stack.enter_context(throwaway.servers())
        port, other_port, telephones_port = (ports.any_free() for _ in range(3))
        url = f"http://127.0.0.1:{port}"
        environ = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            **served,
            "PUBLIC_URL": url,
            "ALLOWED_HOSTS": "127.0.0.1",
            "YIAN_DEMO": "true",
            "POLICY_PACK": "demo",
            **RINGS_AT_ANY_HOUR,
            "YIAN_STATE": str(folder),
            **(_telephones_at(telephones_port) if with_telephones else {}),
        }
        out = folder / "demo.json"
        template.restore(served["DATABASE_URL"])
        subprocess.run(
            (
                *(sys.executable, "-W", "ignore", "manage.py", "seed_demo"),
                *("--small", "--seed", SEED, "--out", str(out)),
            ),
            cwd=ROOT,
            env=environ,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        web, other = (
            Process(
                "-m", "uvicorn", "backend.asgi:application", "--port", str(each),
                "--log-level", "warning", environ=environ, log=folder / f"web-{each}.log",
            )
            for each in (port, other_port)
        )  # fmt: skip
        tick = Process("manage.py", "tick", environ=environ, log=folder / "tick.log")
        telephones = Process(
            "-m", "uvicorn", TELEPHONES, "--port", str(telephones_port),
            "--log-level", "warning", environ=environ, log=folder / "telephones.log",
        )  # fmt: skip
        for process in (web, other, tick, *([telephones] if with_telephones else [])):
            process.start()
            stack.callback(process.kill)
        district = District(
            url=url,
            web=web,
            other_url=f"http://127.0.0.1:{other_port}",
            seeded=json.loads(out.read_text(encoding="utf-8")),
        )
        district.wait_until_served(url)
        district.wait_until_served(district.other_url)
        yield district


def _telephones_at(port: int) -> dict[str, str]:
    """The demo's telephones in the place of a provider."""
    url = f"http://127.0.0.1:{port}"
    return {
        "DEMO_PHONES_URL": url,
        "DEMO_PHONES_PACE": "0.2",
        "TWILIO_API_BASE": url,
        "TWILIO_ACCOUNT_SID": "AC" + 32 * "0",
        "TWILIO_AUTH_TOKEN": "token-of-the-browser-tests",
        "TWILIO_FROM": "+8651088880000",
    }
