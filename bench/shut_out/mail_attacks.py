"""What is done to the mail door."""

import asyncio

from bench.shut_out.attack import MEGABYTE, Attack, Doing, many, trickle


async def slow_mail(attack: Attack, peer: str, of: int) -> None:
    """Send all of the largest mail but its end, then a little every second.

    The attack stands once the last of so many is as far.
    """
    async with attack.line(attack.smtp, peer) as line:
        await line.hear()
        await line.say("EHLO attack.example.org")
        size = 39 * MEGABYTE
        await line.say(f"MAIL FROM:<x@attack.example.org> SIZE={size}")
        await line.say("RCPT TO:<halo@rs.example.org>")
        if not (await line.say("DATA")).startswith("354"):
            return
        block = (b"x" * 76 + b"\r\n") * 840
        line.writer.write(b"Subject: x\r\n\r\n")
        for _ in range(size // len(block)):
            line.writer.write(block)
            await line.writer.drain()
        attack.heard["bodies of 39 MB sent"] += 1
        if attack.heard["bodies of 39 MB sent"] + attack.heard["put out"] >= of:
            attack.begun.set()
        await trickle(line, (b"y" * 76 + b"\r\n") * 100, 1.0, line.hear())


def slow_mails(peers: list[str]) -> Doing:
    """Send them from these addresses."""

    async def attacked(attack: Attack) -> None:
        await asyncio.gather(*[slow_mail(attack, peer, len(peers)) for peer in peers])

    return attacked


def idle_mail(peers: list[str]) -> Doing:
    """Open a session at the mail door for each, and say nothing more."""

    async def idle(attack: Attack, peer: str) -> None:
        async with attack.line(attack.smtp, peer) as line:
            await line.hear()
            await line.stay()

    async def attacked(attack: Attack) -> None:
        await many(attack, (idle(attack, peer) for peer in peers), settle=2.0)

    return attacked
