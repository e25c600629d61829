"""PostgreSQL's log and base backups in an encrypted archive, out of which any second comes back.

PostgreSQL runs it itself, so it needs no settings and no Django:

    python -m backend.runtime.archive keep   <key file> <segment> <archive>     archive_command
    python -m backend.runtime.archive fetch  <key file> <archive> <name> <segment>  restore_command
    python -m backend.runtime.archive base   <key file> <archive> <connection>
    python -m backend.runtime.archive unpack <key file> <base backup> <folder>

Source: PostgreSQL manual, "Continuous Archiving and Point-in-Time Recovery".
"""

import gzip
import hashlib
import io
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from backend.runtime import sealed
from backend.runtime.errors import BackupFailed, RuntimeFault

FASTEST = 1
"""A log that is mostly empty shrinks as well by the fastest level."""


def keep(key_file: str, segment: str, archive: str) -> None:
    """Put one segment of the log into the archive, safely on the disk; the same again is done.

    Raises:
        BackupFailed: another content stands under this name, or there is no key.
    """
    source = Path(segment)
    target = _place(archive, source.name)
    content = source.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    mark = target.with_suffix(".sha256")
    if target.exists():
        if mark.exists() and mark.read_text("ascii") == digest:
            return
        raise BackupFailed(f"{target} is there already and holds something else.")
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    mark.write_text(digest, "ascii")
    compressed = io.BytesIO(gzip.compress(content, FASTEST))
    _write(target, lambda file: sealed.seal(compressed, file, key=sealed.key_in(Path(key_file))))


def fetch(key_file: str, archive: str, name: str, segment: str) -> None:
    """Bring one segment back; PostgreSQL asks for some that never were.

    Raises:
        BackupFailed: it is not there, or cannot be opened.
    """
    source = _place(archive, name)
    if not source.exists():
        raise BackupFailed(f"{name} is not in the archive.")
    compressed = io.BytesIO()
    sealed.unseal(source, compressed, key=sealed.key_in(Path(key_file)))
    Path(segment).write_bytes(gzip.decompress(compressed.getvalue()))


def base(key_file: str, archive: str, connection: str) -> None:
    """Copy the whole running server into the archive, as one encrypted file.

    Raises:
        BackupFailed: it could not be copied.
    """
    moment = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    target = Path(archive) / "base" / f"{moment}.tar.gz.age"
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = sealed.key_in(Path(key_file))
    copy = ("--pgdata=-", "--format=tar", "--gzip", "--wal-method=fetch", "--checkpoint=fast")
    command = ("pg_basebackup", *copy, "--no-password", f"--dbname={connection}")

    def write(file: IO[bytes]) -> None:
        with subprocess.Popen(command, stdout=subprocess.PIPE) as copying:
            if copying.stdout is not None:
                sealed.seal(copying.stdout, file, key=key)
        if copying.returncode:
            raise BackupFailed("pg_basebackup failed; its words stand above.")

    _write(target, write)
    sys.stdout.write(f"{target}\n")


def unpack(key_file: str, backup: str, folder: str) -> None:
    """Lay a base backup out as a data folder.

    Raises:
        BackupFailed: the folder is there already, or the backup cannot be opened.
    """
    target = Path(folder)
    if target.exists():
        raise BackupFailed(f"{target} is there already: move it away first.")
    key = sealed.key_in(Path(key_file))
    target.mkdir(mode=0o700)
    reading = ("tar", "--extract", "--gzip", "--file=-")
    command = (*reading, "--no-same-owner", f"--directory={target}")
    with subprocess.Popen(command, stdin=subprocess.PIPE) as unpacking:
        if unpacking.stdin is not None:
            sealed.unseal(Path(backup), unpacking.stdin, key=key)
            unpacking.stdin.close()
    if unpacking.returncode:
        raise BackupFailed(f"{backup} could not be unpacked into {target}.")
    if os.geteuid() == 0:
        _give_to_the_server(target)


def _give_to_the_server(target: Path) -> None:
    """Whose folder it lies in is the account of PostgreSQL."""
    server = target.parent.stat()
    for path in (target, *target.rglob("*")):
        os.chown(path, server.st_uid, server.st_gid, follow_symlinks=False)


def _place(archive: str, name: str) -> Path:
    return Path(archive) / "wal" / f"{name}.gz.age"


def _write(target: Path, write: Callable[[IO[bytes]], None]) -> None:
    """Under its name it is whole and on the disk, or not there."""
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        with sealed.make_room(unfinished) as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


COMMANDS: dict[str, Callable[..., None]] = {
    "keep": keep,
    "fetch": fetch,
    "base": base,
    "unpack": unpack,
}


def main(arguments: list[str]) -> int:
    """Run one command; 1 tells PostgreSQL that it could not be done."""
    name, *given = arguments or [""]
    command = COMMANDS.get(name)
    if command is None or len(given) != command.__code__.co_argcount:
        sys.stderr.write(__doc__ or "")
        return 1
    try:
        command(*given)
    except (RuntimeFault, OSError) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
