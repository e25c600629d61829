"""Why the runtime cannot do what it was asked: each a sentence for the person at the terminal."""

from pathlib import Path


class RuntimeFault(Exception):
    """Something about this machine or its state folder stands in the way."""


class NoServerHere(RuntimeFault):
    """The installed packages hold no server for this platform."""

    def __init__(self, *, server: str, variable: str) -> None:
        super().__init__(
            f"There is no embedded {server} for this platform: "
            f"set {variable} to a server that is already running."
        )


class NoAccountForServer(RuntimeFault):
    """The database server refuses root and nameless users, and nobody else can be had."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason} Set DATABASE_URL to a PostgreSQL that is already running.")


class UnsafeFolder(RuntimeFault):
    """A folder that has to be private belongs to somebody else or is open to others."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is not a private folder of this user: remove it and try again.")


class StillRunning(RuntimeFault):
    """Processes of an earlier start will not go."""

    def __init__(self, *, folder: Path, pids: list[int]) -> None:
        super().__init__(
            f"Processes {', '.join(map(str, pids))} still use {folder}: end them and try again."
        )


class AlreadyRunning(RuntimeFault):
    """Another supervisor holds the state folder."""

    def __init__(self, *, folder: Path, pid: str) -> None:
        super().__init__(
            f"Yian already runs in {folder} (process {pid}). "
            "Stop it first, or name another folder in YIAN_STATE."
        )


class RoleMissing(RuntimeFault):
    """The application's role is not there, and the owner of the tables may not make it."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The database has no role {name}. Make it as its administrator, then migrate again: "
            f"CREATE ROLE {name} LOGIN PASSWORD '…';"
        )


class PortTaken(RuntimeFault):
    """A port that was asked for by name is in use, or is no port."""

    def __init__(self, *, variable: str, value: str) -> None:
        super().__init__(f"{variable}={value} cannot be used: the port is taken or not a port.")


class DidNotStart(RuntimeFault):
    """A program ended or stayed silent instead of becoming ready."""

    def __init__(self, *, name: str, log: Path, tail: str) -> None:
        super().__init__(f"{name} did not start. The end of {log}:\n{tail}")


class BackupFailed(RuntimeFault):
    """The database could not be saved, or what was saved cannot be read."""


class RestoreRefused(RuntimeFault):
    """Restoring now would destroy something."""


class DatabaseOutOfReach(RuntimeFault):
    """A cluster made as root in a namespace lies where no other account can come."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"The database in {folder} cannot be served: user namespaces are blocked and the "
            "folder is closed to others. Allow them, move the folder, or set DATABASE_URL."
        )
