"""Become a program that dies when its parent dies.

Run by path and without site-packages, so that it costs a few milliseconds and no memory:
`python -I -S tied.py <parent pid> <signal> <uid or -> <program> <argument>…`
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1  # Source: prctl(2)
PR_SET_NAME = 15
PR_SET_CHILD_SUBREAPER = 36
NAME_BYTES = 15


def tie(parent: int, death_signal: int) -> None:
    """Get the signal when the parent dies; exits if it is dead already."""
    _prctl(PR_SET_PDEATHSIG, death_signal)
    if os.getppid() != parent:
        sys.exit("the parent is gone already")


def take_on_orphans(yes: bool) -> None:
    """Be the parent of what our descendants leave behind, or no more."""
    _prctl(PR_SET_CHILD_SUBREAPER, int(yes))


def name_process(name: str) -> None:
    """Be shown by this name where processes are listed."""
    _prctl(PR_SET_NAME, name.encode()[:NAME_BYTES])


def _prctl(option: int, value: int | bytes) -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def main(arguments: list[str]) -> None:
    """Take on the account, tie the life to the parent's, and become the program."""
    parent, death_signal, uid, *command = arguments
    if uid != "-":
        os.setgroups([])
        os.setgid(int(uid))
        os.setuid(int(uid))
    # After the account: changing it clears the parent-death signal.
    tie(int(parent), int(death_signal))
    os.execv(command[0], command)  # noqa: S606 - the command is ours


if __name__ == "__main__":
    main(sys.argv[1:])
