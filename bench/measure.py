"""Counts what a fixed number of clients get done in a fixed time; compare only within one run."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

Work = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Rate:
    """What came out: how many a second, and how long the slower ones took."""

    name: str
    clients: int
    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    """Milliseconds of this process's CPU for each."""


async def closed_loop(name: str, work: Work, *, clients: int, seconds: float) -> Rate:
    """Let each client do the work again and again until the time is up."""
    times: list[float] = []
    end = time.perf_counter() + seconds

    async def client() -> None:
        while (begun := time.perf_counter()) < end:
            await work()
            times.append(time.perf_counter() - begun)

    cpu, begun = time.process_time(), time.perf_counter()
    await asyncio.gather(*[client() for _ in range(clients)])
    elapsed, cpu = time.perf_counter() - begun, time.process_time() - cpu
    times.sort()
    return Rate(
        name,
        clients,
        len(times) / elapsed,
        times[len(times) // 2] * 1000,
        times[int(len(times) * 0.99)] * 1000,
        cpu / len(times) * 1000,
    )


def table(rates: list[Rate], *, base: str) -> str:
    """Write rates as a Markdown table with ratios to the row named `base` at the same clients."""
    limits = {rate.clients: rate.per_second for rate in rates if rate.name == base}
    rows = [
        f"| {rate.name} | {rate.clients} | {rate.per_second:,.0f} | {rate.p50_ms:.1f} | "
        f"{rate.p99_ms:.1f} | {rate.cpu_ms:.2f} | {rate.per_second / limits[rate.clients]:.2f} |"
        for rate in rates
    ]
    head = (
        f"| what | clients | a second | p50 ms | p99 ms | own CPU ms | × {base} |\n"
        "|---|---|---|---|---|---|---|"
    )
    return "\n".join([head, *rows])
