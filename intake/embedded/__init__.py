"""The bundled PostgreSQL: a real server beside the data, for whoever has none.

    with embedded.running(Path("data")) as server:
        server.create_database("kiss")
        engine = create_async_engine(server.dsn("kiss"))

One server per data folder, however many processes ask for it: the first starts and stops it, the
others attach. No TCP port is opened; whoever may enter the socket's folder is the database's
superuser. Only the standard library is imported, so `kiss doctor` speaks where nothing else works.
"""

from intake.embedded.binaries import Binaries, find_binaries
from intake.embedded.cluster_folder import STATE
from intake.embedded.errors import EmbeddedError, NoRoomError
from intake.embedded.report import ClusterReport, describe
from intake.embedded.server import Server
from intake.embedded.supervise import revive, running, start, watch

__all__ = [
    "STATE",
    "Binaries",
    "ClusterReport",
    "EmbeddedError",
    "NoRoomError",
    "Server",
    "describe",
    "find_binaries",
    "revive",
    "running",
    "start",
    "watch",
]
