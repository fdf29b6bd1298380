"""Serves one thing to be measured: `python -m bench.serve ours|bare|hello DSN FOLDER PORT`."""

import asyncio
import sys
from pathlib import Path
from uuid import uuid4

import asyncpg
from aiohttp import web

from core.ground.database import plain_url
from core.ground.settings import Settings
from core.opening import open_runtime
from intake.app import create_app
from intake.channels.web import open_channel
from intake.registry import Registry, write_channels

SECRET = "a secret to measure, and long enough"


async def bare(dsn: str) -> web.Application:
    """Return the limit: a form read by aiohttp and one row written by asyncpg."""
    pool = await asyncpg.create_pool(plain_url(dsn), min_size=8, max_size=32)
    await pool.execute("CREATE TABLE IF NOT EXISTS bench_rows (id uuid PRIMARY KEY, body text)")

    async def take(request: web.Request) -> web.Response:
        form = await request.post()
        await pool.execute("INSERT INTO bench_rows VALUES ($1, $2)", uuid4(), str(form["story"]))
        return web.Response(status=303, headers={"Location": "/thanks"})

    app = web.Application()
    app.router.add_post("/", take)
    return app


async def main(what: str, dsn: str, folder: Path, port: int) -> None:
    """Serve until killed."""
    if what == "bare":
        await _serve(await bare(dsn), port)
        return
    settings = Settings(data=folder, secret_key=SECRET, pool_size=32)
    async with open_runtime(settings, dsn) as runtime:
        registry = Registry({"web": open_channel(runtime)})
        await write_channels(runtime, registry)
        await _serve(create_app(runtime, registry), port)


async def _serve(app: web.Application, port: int) -> None:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    print("serving", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    _, what, dsn, folder, port = sys.argv
    asyncio.run(main(what, dsn, Path(folder), int(port)))
