"""What somebody does who means to shut others out, one kind at a time, until told to end.

Run by `bench.shut_out` as a process of its own: `python -m bench.shut_out.attacks NAME WEB SMTP
CODE`. It says "begun" when the attack stands, ends with its standard input, and says then what it
heard: how many were taken, how many refused or put out. It speaks to this machine alone.
"""

import asyncio
import itertools
import json
import sys
from urllib.parse import urlencode

from selectolax.lexbor import LexborHTMLParser

from bench.shut_out.attack import (
    MEGABYTE,
    Attack,
    Doing,
    Line,
    again_and_again,
    many,
    posted,
    trickle,
)
from bench.shut_out.mail_attacks import idle_mail, slow_mails

ONE = "127.0.0.2"
NEIGHBOUR = "127.0.1.9"
"""The address that the person has, too."""
STAFF = ("rina", "yusuf", "sari", "maya", "adi", "tuti")
BOUNDARY = "attack"


async def wrong_codes(attack: Attack) -> None:
    """Guess tracking codes, behind the address of somebody who has a right one."""
    heads = (
        f"GET /tracking HTTP/1.1\r\nCookie: kiss-ticket={n % 10_000:04}-0000-0000-0000"
        for n in itertools.count()
    )
    await again_and_again(attack, NEIGHBOUR, ((head, b"") for head in heads))


async def wrong_passwords(attack: Attack) -> None:
    """Guess passwords of everybody who works there, and of people who do not."""
    names = itertools.cycle((*STAFF, "direktur", "admin", "root"))

    def form(name: str) -> tuple[str, bytes]:
        return posted("/console/sign-in", urlencode({"name": name, "password": "salah"}).encode())

    await again_and_again(attack, NEIGHBOUR, map(form, names))


def live_lines(path: str, peers: list[str]) -> Doing:
    """Hold a live line for each."""

    async def held(attack: Attack, peer: str, cookie: str) -> None:
        async with attack.line(attack.web, peer) as line:
            head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n"
            line.writer.write(head.encode())
            told = await line.reader.readuntil(b"\r\n\r\n")
            attack.heard["answered" if b" 200 " in told else "refused"] += 1
            await line.stay()

    async def attacked(attack: Attack) -> None:
        cookie = f"kiss-ticket={attack.code}"
        if path.startswith("/chat"):
            cookie = "kiss-chat=" + await a_chat(attack)
        await many(attack, (held(attack, peer, cookie) for peer in peers), settle=3.0)

    return attacked


async def a_chat(attack: Attack) -> str:
    """Begin a chat; return its key."""
    async with attack.line(attack.web, ONE) as line:
        await line.ask(*said(fields := await chat_fields(line), "Halo."))
        return fields["chat"]
    raise ConnectionError


async def chat_fields(line: Line) -> dict[str, str]:
    """Open the chat's page; return what a browser would send of it."""
    _, content = await line.ask("GET /chat HTTP/1.1")
    nodes = LexborHTMLParser(content).css("[data-chat] > input[type=hidden]")
    return {str(each.attributes["name"]): each.attributes.get("value") or "" for each in nodes}


def said(fields: dict[str, str], words: str) -> tuple[str, bytes]:
    """Make the request that says something in a chat."""
    return posted("/chat", urlencode(fields | {"say": words}).encode())


async def chat_flood(attack: Attack) -> None:
    """Begin chats without a pause, and say ten things in each."""

    async def client() -> None:
        while True:
            async with attack.line(attack.web, ONE) as line:
                for number in itertools.count():
                    if number % 10 == 0:
                        fields = await chat_fields(line)
                    fresh = {"id": f"{id(line):016x}{number:016x}"}
                    await line.ask(*said(fields | fresh, f"Ini pesan nomor {number}."))

    await many(attack, (client() for _ in range(8)), settle=1.0)


def sockets(peers: list[str], begun: bytes, drops: bytes = b"") -> Doing:
    """Open connections to the web door that lie idle, or in which something never ends."""

    async def held(attack: Attack, peer: str) -> None:
        async with attack.line(attack.web, peer) as line:
            line.writer.write(begun)
            if not drops:
                await line.stay()
            await trickle(line, drops, 3.0, line.stay())

    async def attacked(attack: Attack) -> None:
        await many(attack, (held(attack, peer) for peer in peers), settle=12.0 if drops else 3.0)

    return attacked


def form_with_file(size: int) -> bytes:
    """Make a form without words, which is refused, that carries a file."""
    kind = b"Content-Type: image/jpeg\r\n\r\n\xff\xd8\xff\xe0"
    disposition = b'Content-Disposition: form-data; name="files"; filename="x.jpg"\r\n'
    start, end = f"--{BOUNDARY}\r\n".encode(), f"\r\n--{BOUNDARY}--\r\n".encode()
    return start + disposition + kind + bytes(size) + end


async def uploads(attack: Attack) -> None:
    """Send forms that are refused, each with 19 MB; and declare a gigabyte now and then."""
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    refused = posted("/", form_with_file(19 * MEGABYTE), kind)

    async def declares() -> None:
        head = f"POST / HTTP/1.1\r\nContent-Type: {kind}\r\nContent-Length: {1 << 30}"
        while True:
            async with attack.line(attack.web, ONE) as line:
                await line.ask(head)
            await asyncio.sleep(0.5)

    await asyncio.gather(declares(), again_and_again(attack, ONE, itertools.repeat(refused), 3))


def networks(count: int, each: int = 1) -> list[str]:
    """Name addresses of so many networks, each a /24 of its own."""
    return [f"127.0.{10 + n}.{2 + m}" for n in range(count) for m in range(each)]


HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
FORM = (
    b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9000000\r\n"
    b"Content-Type: multipart/form-data; boundary=x\r\n\r\n"
    b'--x\r\nContent-Disposition: form-data; name="story"\r\n\r\n'
)


async def nothing(attack: Attack) -> None:
    """Let everybody be: what a person then waits is what the others are compared with."""
    attack.begun.set()


ATTACKS: dict[str, Doing] = {
    "nobody": nothing,
    "wrong codes": wrong_codes,
    "wrong passwords": wrong_passwords,
    "7 mails of 39 MB": slow_mails([ONE] * 7),
    "20 mails of 39 MB": slow_mails(networks(20)),
    "299 idle sessions": idle_mail([ONE] * 299),
    "400 idle sessions": idle_mail(networks(20, 20)),
    "500 tracking lines": live_lines("/tracking/events", [ONE] * 500),
    "600 tracking lines": live_lines("/tracking/events", networks(20, 30)),
    "500 chat lines": live_lines("/chat/events", [ONE] * 500),
    "500 idle sockets": sockets([ONE] * 500, b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
    "300 half heads": sockets([ONE] * 300, HEAD),
    "500 slow forms": sockets([ONE] * 500, FORM, b"x" * 400),
    "2200 slow forms": sockets(networks(22, 100), FORM, b"x" * 400),
    "uploads": uploads,
    "chat flood": chat_flood,
}


async def main(name: str, web: int, smtp: int, code: str) -> None:
    """Attack until standard input ends."""
    attack = Attack(web, smtp, code)
    work = asyncio.ensure_future(ATTACKS[name](attack))
    standing = asyncio.ensure_future(attack.begun.wait())
    await asyncio.wait([work, standing], return_when=asyncio.FIRST_COMPLETED)
    print("begun", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    for task in (work, standing):
        task.cancel()
    await asyncio.gather(work, standing, return_exceptions=True)
    print(json.dumps(attack.heard), flush=True)


if __name__ == "__main__":
    _, chosen, web_port, smtp_port, own_code = sys.argv
    asyncio.run(main(chosen, int(web_port), int(smtp_port), own_code))
