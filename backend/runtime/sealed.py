"""Files that only the holder of a key can read, in the format of age (age-encryption.org/v1).

`BACKUP_KEY` is a public key ("age1…"), with which a server can write and not read, or a secret one
("AGE-SECRET-KEY-1…"), which does both. The format authenticates each 64 KiB with its place and the
end of the file: what was changed, reordered or cut off is refused. Any `age` program opens it.
"""

import os
from pathlib import Path
from typing import IO, Protocol

import pyrage
from pyrage.x25519 import Identity, Recipient

from backend.runtime.errors import BackupFailed

HEADER = b"age-encryption.org/v1"
SECRET, PUBLIC = "AGE-SECRET-KEY-", "age1"


class Readable(Protocol):
    """Gives bytes, at its end none."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes."""


class Writable(Protocol):
    """Takes bytes."""

    def write(self, data: bytes, /) -> int:
        """Take them."""


def new_key() -> tuple[str, str]:
    """A secret key and its public one."""
    identity = Identity.generate()
    return str(identity), str(identity.to_public())


def key_in(file: Path) -> str:
    """The key in a file, as `manage.py backup_key` or `age-keygen` writes it.

    Raises:
        BackupFailed: there is none.
    """
    try:
        lines = file.read_text("utf-8").splitlines()
    except OSError as error:
        raise BackupFailed(f"The key cannot be read: {error}") from error
    for line in lines:
        if line.startswith((SECRET, PUBLIC)):
            return line
    raise BackupFailed(f"{file} holds no key (age1… or AGE-SECRET-KEY-1…).")


def seal(plain: Readable, target: IO[bytes], *, key: str) -> None:
    """Encrypt a stream.

    Raises:
        BackupFailed: there is no key.
    """
    pyrage.encrypt_io(plain, target, [_recipient(key)])


def is_sealed(source: Path) -> bool:
    """Whether a file is encrypted; files from before backups were are not."""
    with source.open("rb") as file:
        return file.read(len(HEADER)) == HEADER


def unseal(source: Path, plain: Writable, *, key: str) -> None:
    """Decrypt a file into a stream; of a damaged one the beginning may have been written.

    Raises:
        BackupFailed: the key is missing, not its own, or the file is damaged.
    """
    identity = _identity(source, key)
    try:
        with source.open("rb") as file:
            pyrage.decrypt_io(file, plain, [identity])
    except pyrage.DecryptError as error:
        raise BackupFailed(f"This key does not open {source}.") from error
    except OSError as error:
        raise BackupFailed(f"{source} is damaged: it was changed or cut off.") from error


def make_room(target: Path) -> IO[bytes]:
    """Open a new file that only its owner reads."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    return os.fdopen(descriptor, "wb")


def _recipient(key: str) -> Recipient:
    try:
        if key.startswith(SECRET):
            return Identity.from_str(key).to_public()
        return Recipient.from_str(key)
    except (pyrage.IdentityError, pyrage.RecipientError) as error:
        raise BackupFailed(
            "BACKUP_KEY is missing or no key: backups are written encrypted only. "
            "`manage.py backup_key` makes one."
        ) from error


def _identity(source: Path, key: str) -> Identity:
    if not key.startswith(SECRET):
        raise BackupFailed(
            f"{source} is encrypted: its secret key (AGE-SECRET-KEY-1…) is needed; --key names "
            "the file that holds it."
        )
    try:
        return Identity.from_str(key)
    except pyrage.IdentityError as error:
        raise BackupFailed("The key is no whole secret key.") from error
