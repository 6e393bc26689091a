"""Succeeds when the web server on this machine answers /healthz (the image's health check)."""

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request


def main() -> int:
    # A name that the site answers to: the first of its own.
    host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".").replace("*", "localhost")
    request = urllib.request.Request("http://127.0.0.1:8000/healthz", headers={"Host": host or "localhost"})
    # No proxy between two processes of one machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=4) as response:
            return 0 if response.status == 200 else 1
    except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
        print(f"/healthz does not answer: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
