"""Prints as JSON what is written and not read, kind by kind: `python -m tools.unread`."""

import json

from tools.unread.house import findings

print(json.dumps({kind: sorted(found) for kind, found in findings().items()}, indent=1))
