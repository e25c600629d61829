"""What the doors of devices take, each message answered only after its commit.

Single readings and batches over HTTP, single readings over MQTT. Beside them in the same run:
the limit (a bare connection that dedups by the ledger and copies the same batches), the naive
peer (`benchmarks.naive`), and the MQTT door with our commit left out (`benchmarks.bare`).
Rounds of all alternate, each after a vacuum and a checkpoint, and each figure is the median of its
rounds; all use the same PostgreSQL with fsync, one server process and one process of senders.
"""

import argparse
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from socket import create_connection
from statistics import median

import psycopg

from backend.runtime import ports, program
from backend.runtime.postgres import Postgres
from backend.runtime.program import ROOT, Program
from backend.runtime.state import State
from benchmarks import load
from benchmarks.figures import Figures, milliseconds, run, say
from benchmarks.load import HOST, Sender, Sent

CONNECTIONS = 64
BATCH = 1000
BATCH_CONNECTIONS = 4
PUBLISHERS = 8
WINDOW = 100

Round = Callable[[], Sent]


class Servers:
    """The database, and every server that is measured against it."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        """Start PostgreSQL with fsync, make the tables and the devices."""
        self._folder = folder
        self._stack = stack
        postgres = Postgres(folder)
        stack.callback(postgres.forget)
        stack.enter_context(_running(postgres.program))
        self.database_url = postgres.url
        self.http, self.mqtt, self.naive, self.bare = (ports.any_free() for _ in range(4))
        self._environ = {
            "DATABASE_URL": postgres.url,
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "YIAN_STATE": str(folder),
            "LOG_LEVEL": "WARNING",
            **_secrets(folder),
        }
        self._command("manage.py", "migrate", "--no-input")
        self.senders = load.senders_from(
            self._command("-m", "benchmarks.devices", str(CONNECTIONS))
        )

    def start(self) -> None:
        """Start ours, the naive peer and the bare one."""
        self._serve("backend.asgi", self.http, mqtt_port=self.mqtt)
        self._serve("benchmarks.naive", self.naive)
        self._serve("benchmarks.bare", ports.any_free(), mqtt_port=self.bare)

    def settle(self) -> None:
        """Let nobody pay for what the round before has written and was not tidied yet."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")

    def _serve(self, module: str, port: int, *, mqtt_port: int = 0) -> None:
        options = ("--port", str(port), "--no-access-log", "--log-level", "warning")
        server = Program(
            name=module,
            command=(sys.executable, "-m", "uvicorn", f"{module}:application", *options),
            log=self._folder / f"{module}.log",
            environ={**self._environ, "MQTT_PORT": str(mqtt_port)},
            is_ready=partial(_listens, port),
        )
        self._stack.enter_context(_running(server))

    def _command(self, *command: str) -> str:
        return subprocess.run(
            (sys.executable, *command),
            check=True,
            cwd=ROOT,
            env={**os.environ, **self._environ},
            stdout=subprocess.PIPE,
            text=True,
        ).stdout


def _secrets(folder: Path) -> dict[str, str]:
    known = State(folder).secrets()
    return {name: known[name] for name in ("SECRET_KEY", "FIELD_KEYS")}


def _listens(port: int) -> bool:
    try:
        create_connection((HOST, port), 1.0).close()
    except OSError:
        return False
    return True


@contextmanager
def _running(server: Program) -> Iterator[None]:
    process = program.start(server)
    try:
        yield
    finally:
        program.stop(server, process)


def rounds(servers: Servers, seconds: float) -> dict[str, Round]:
    """What is measured, each for some seconds."""
    observations = partial(
        load.post_for, seconds, port=servers.http, path="/ingest/v1/observations"
    )
    few: list[Sender] = servers.senders[:BATCH_CONNECTIONS]
    publishers = servers.senders[:PUBLISHERS]
    return {
        "single": partial(observations, senders=servers.senders, rows_a_post=1),
        "batch": partial(observations, senders=few, rows_a_post=BATCH),
        "limit": partial(
            load.copy_for,
            seconds,
            database_url=servers.database_url,
            device_id=few[0].id,
            rows_a_batch=BATCH,
        ),
        "naive": partial(
            load.post_for,
            seconds,
            port=servers.naive,
            path="/readings",
            senders=servers.senders,
            rows_a_post=1,
        ),
        "mqtt": partial(
            load.publish_for, seconds, port=servers.mqtt, senders=publishers, window=WINDOW
        ),
        "bare": partial(
            load.publish_for, seconds, port=servers.bare, senders=publishers, window=WINDOW
        ),
    }


def measure(arguments: argparse.Namespace) -> Figures:
    """Start the servers, let the rounds alternate, and compare."""
    sent: dict[str, list[Sent]] = {}
    with tempfile.TemporaryDirectory(prefix="yian-bench-") as folder, ExitStack() as stack:
        servers = Servers(Path(folder), stack)
        servers.start()
        spawn = multiprocessing.get_context("spawn")
        pool = stack.enter_context(ProcessPoolExecutor(1, mp_context=spawn))
        for number in range(arguments.rounds):
            for name, work in rounds(servers, arguments.seconds).items():
                servers.settle()
                done = pool.submit(work).result()
                sent.setdefault(name, []).append(done)
                say(f"round {number + 1}: {name:<7} {done.per_s:>9,.0f} a second")
    return _figures(sent)


def _figures(sent: dict[str, list[Sent]]) -> Figures:
    per_s = {name: median(one.per_s for one in done) for name, done in sent.items()}
    waits = [wait for done in sent["single"] for wait in done.waits_s]
    return {
        "http_single_per_s": round(per_s["single"]),
        "http_single_p99_ms": milliseconds(waits, 0.99),
        "http_batch_rows_per_s": round(per_s["batch"]),
        "mqtt_per_s": round(per_s["mqtt"]),
        "dedup_copy_limit_rows_per_s": round(per_s["limit"]),
        "naive_drf_per_s": round(per_s["naive"]),
        "bare_mqtt_per_s": round(per_s["bare"]),
        "single_over_naive": round(per_s["single"] / per_s["naive"], 1),
        "batch_over_limit": round(per_s["batch"] / per_s["limit"], 2),
        "mqtt_over_bare_client": round(per_s["mqtt"] / per_s["bare"], 2),
    }


if __name__ == "__main__":
    run("ingest", measure, rounds=3, seconds=4)
