"""Under whose name the database server runs, because PostgreSQL refuses root.

An ordinary user runs it directly. Root runs it in a user namespace of its own: no account is
added, no mode bit changed, and it works below a home of mode 0700. Where namespaces are blocked,
root gives it a user id that nobody else has.
"""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from backend.runtime.errors import NoAccountForServer

INITIAL_ACCOUNT = "nobody"
FIRST_SERVER_UID = 46018
PROBE_TIMEOUT_S = 5.0


@dataclass(frozen=True, kw_only=True)
class Account:
    """How a server is started: behind a wrapper, with a user id, or as we are (neither)."""

    wrapper: tuple[str, ...] = ()
    uid: int | None = None

    @property
    def owner_uid(self) -> int:
        """Who owns the server's files, as seen from here."""
        return os.geteuid() if self.uid is None else self.uid


def choose(*, server: Path, folder: Path) -> Account:
    """The account for a server program whose files go into a folder of ours.

    Raises:
        NoAccountForServer: we have no name and may not make a namespace.
    """
    if os.geteuid() != 0 and _has_name(os.geteuid()):
        return Account()
    wrapper = namespace_wrapper()
    if _works_in_namespace(wrapper, server=server, folder=folder):
        return Account(wrapper=wrapper)
    if os.geteuid() == 0:
        return Account(uid=server_uid())
    raise NoAccountForServer(
        f"The user id {os.geteuid()} has no name here, and user namespaces are blocked."
    )


def namespace_wrapper() -> tuple[str, ...]:
    """The command before the server's: inside, we bear a name that every machine knows."""
    nobody = initial_account()
    return ("unshare", "-U", f"--map-user={nobody.pw_uid}", f"--map-group={nobody.pw_gid}")


def initial_account() -> pwd.struct_passwd:
    """A named, powerless account: initdb looks its own name up, which nameless ids lack."""
    return pwd.getpwnam(INITIAL_ACCOUNT)


def server_uid() -> int:
    """A user id that no account of this machine has."""
    uid = FIRST_SERVER_UID
    while _has_name(uid):
        uid += 1
    return uid


def open_to_others(path: Path) -> bool:
    """Whether another user could come to this path, judged by the folders above it."""
    return all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _works_in_namespace(wrapper: tuple[str, ...], *, server: Path, folder: Path) -> bool:
    probe = ("sh", "-c", 'test -w "$1" && exec "$0" --version', str(server), str(folder))
    try:
        run = subprocess.run(
            [*wrapper, *probe], check=False, capture_output=True, timeout=PROBE_TIMEOUT_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return run.returncode == 0
