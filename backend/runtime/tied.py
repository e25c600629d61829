"""Become a program that dies when its parent dies.

Run by path and without site-packages, so that it costs a few milliseconds and no memory:
`python -I -S tied.py <parent pid> <signal> <uid or -> <program> <argument>…`
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1  # Source: prctl(2)


def main(arguments: list[str]) -> None:
    """Take on the account, tie the life to the parent's, and become the program."""
    parent, death_signal, uid, *command = arguments
    if uid != "-":
        os.setgroups([])
        os.setgid(int(uid))
        os.setuid(int(uid))
    # After the account: changing it clears the parent-death signal.
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0):
        sys.exit(f"prctl: {os.strerror(ctypes.get_errno())}")
    if os.getppid() != int(parent):
        sys.exit("the parent is gone already")
    os.execv(command[0], command)  # noqa: S606 - the command is ours


if __name__ == "__main__":
    main(sys.argv[1:])
