# SPDX-License-Identifier: Apache-2.0
"""Starts, stops or asks for one application of a sandbox site: what the estate file of the site names as its commands.

``python -m orsgate.sandbox.site.control URL start|stop|status APPLICATION``, or this file as a script: it needs the standard
library alone. It ends with 0 when it is done, or while the application runs; with 1 when not; with 2 for wrong usage.
"""

import json
import sys
import urllib.error
import urllib.parse
import urllib.request

ACTIONS = ("start", "stop", "status")


def main(arguments: list[str]) -> int:
    """Does what the arguments say, and gives the exit code."""
    if len(arguments) != 3 or arguments[1] not in ACTIONS or not arguments[0].startswith("http://"):
        sys.stderr.write(f"usage: control URL {'|'.join(ACTIONS)} APPLICATION\n")
        return 2
    url, action, application = arguments
    address = f"{url.rstrip('/')}/{action}/{urllib.parse.quote(application, safe='')}"
    # Whoever runs the command limits its time; a stop that hangs is one of the things that are tried.
    request = urllib.request.Request(address, method="POST")  # noqa: S310 - http, see above
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request) as answer:
            told = json.loads(answer.read())
    except urllib.error.HTTPError as error:
        sys.stderr.write(f"{action} {application}: the site answers {error.code}\n")
        return 1
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{action} {application}: the site does not answer: {error}\n")
        return 1
    sys.stdout.write(f"{told['told']}\n")
    return 0 if told["done"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
