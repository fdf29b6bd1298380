"""The console: the pages staff work with. `mount` puts it into the application.

A part of it is a class with `routes()`, listed in `mount.py`. Each of its routes has a row in
`access.py`, where it says who may use it; a route without one answers 404 and fails a test.
"""

from intake.console.mount import mount

__all__ = ["mount"]
