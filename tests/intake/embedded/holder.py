"""Have the server running until standard input ends: python holder.py DATA STATE."""

import json
import sys
from pathlib import Path

from intake import embedded

data, state = map(Path, sys.argv[1:3])
try:
    with embedded.running(data, state=state) as server:
        facts = {
            "owned": server.owned,
            "postmaster": server.process.pid if server.process else None,
            "account": server.place.account.name,
            "pgdata": str(server.place.pgdata),
        }
        print(json.dumps(facts), flush=True)  # noqa: T201 - its report
        sys.stdin.read()
except embedded.EmbeddedError as error:
    print(json.dumps({"error": str(error)}), flush=True)  # noqa: T201 - its report
