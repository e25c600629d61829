"""Folders of our own: private ones, and short ones for sockets."""

import hashlib
import os
import shutil
import stat
import tempfile
from pathlib import Path

from backend.runtime.account import Account, open_to_others
from backend.runtime.errors import UnsafeFolder

SOCKET_PATH_LIMIT_BYTES = 107  # Source: unix(7), sun_path of 108 with its final zero
LONGEST_SOCKET_NAME = "/.s.PGSQL.5432.lock"


def short_name(folder: Path, *, owner_uid: int) -> str:
    """A name made from a folder's path and owner, the same at every start."""
    return hashlib.sha256(f"{owner_uid}:{folder}".encode()).hexdigest()[:12]


def private(folder: Path, *, owner_uid: int) -> Path:
    """The folder, made if it is missing, and sure to be its owner's alone.

    Raises:
        UnsafeFolder: it is there already and somebody else's, open to others, or a link.
    """
    if not folder.is_symlink() and not folder.exists():
        folder.mkdir(mode=0o700)
        if owner_uid != os.geteuid():
            os.chown(folder, owner_uid, owner_uid)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner_uid or found.st_mode & 0o077:
        raise UnsafeFolder(folder)
    return folder


def for_sockets(state: Path, *, account: Account) -> Path:
    """A private folder whose path is short enough for a socket and open to the account.

    Raises:
        UnsafeFolder: somebody took its name.
    """
    name = f"yian-{short_name(state, owner_uid=account.owner_uid)}"
    bases = (os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir(), tempfile.gettempdir())
    for base in map(Path, bases):
        if _suits(base / name, account=account):
            return private(base / name, owner_uid=account.owner_uid)
    return private(Path("/tmp") / name, owner_uid=account.owner_uid)  # noqa: S108 - owner and mode are verified


def _suits(folder: Path, *, account: Account) -> bool:
    if len(os.fsencode(f"{folder}{LONGEST_SOCKET_NAME}")) > SOCKET_PATH_LIMIT_BYTES:
        return False
    if not os.access(folder.parent, os.W_OK | os.X_OK):
        return False
    return account.uid is None or open_to_others(folder)


def give(folder: Path, *, owner_uid: int) -> None:
    """Make a folder and all in it belong to one user; quick when it does already."""
    if folder.stat().st_uid == owner_uid:
        return
    for parent, _, files in os.walk(folder, topdown=False):
        for name in files:
            os.chown(Path(parent, name), owner_uid, owner_uid, follow_symlinks=False)
        os.chown(parent, owner_uid, owner_uid)


def copy_for_everyone(source: Path, target: Path) -> None:
    """Copy a tree so that any user can read and run it."""
    shutil.copytree(source, target, copy_function=shutil.copyfile)
    for parent, _, files in os.walk(target):
        Path(parent).chmod(0o755)
        for name in files:
            Path(parent, name).chmod(0o755)
