# SPDX-License-Identifier: Apache-2.0
"""Becomes another program that the kernel kills as soon as its parent is gone, even when that was killed itself.

Run as a script, without the package: ``python -I -S tether.py PARENT PROGRAM [ARGUMENT...]``.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Ties this process to the one with the id ``arguments[0]`` and runs the rest of ``arguments`` in its place."""
    parent, *command = arguments
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != int(parent):  # it died before the line above
        sys.exit("the parent is gone")
    os.execv(command[0], command)  # noqa: S606  # no shell is wanted


if __name__ == "__main__":
    main(sys.argv[1:])
