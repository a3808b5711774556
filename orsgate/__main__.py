# SPDX-License-Identifier: Apache-2.0
"""The entry point: runs the command line and ends the process with its exit code."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run ``orsgate``; an interruption, even while modules are still being imported, ends with 130."""
    # A short-lived process that makes much and drops little: the default of 700 new objects between two collections
    # of garbage costs a tenth of a run and frees nothing.
    gc.set_threshold(100_000, 50, 100)
    # Pydantic would read the metadata of every installed package for plugins of its own; none has a say here.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    try:
        from orsgate.cli.main import run  # noqa: PLC0415 - so that an interruption while importing is caught

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        sys.stderr.write("orsgate: interrupted\n")
        code = 130
    gc.freeze()  # what there is now ends with the process; nobody needs to find out what of it is garbage
    sys.exit(code)


if __name__ == "__main__":
    main()
