"""Checking a password costs a core for a while: nobody waits for another's queue."""

import asyncio

from core.people.passwords import hash_password, verified


async def test_nobody_waits_for_the_passwords_of_a_guesser() -> None:
    right = hash_password("seekor kucing di atap")
    guesses = [asyncio.create_task(verified("salah", right, share="192.0.2.1")) for _ in range(30)]
    await asyncio.wait(guesses, return_when=asyncio.FIRST_COMPLETED)

    told = await verified("seekor kucing di atap", right, share="198.51.100.1")

    waiting = sum(not each.done() for each in guesses)
    assert told == (True, None)
    assert waiting > 20
    assert {right for right, _ in await asyncio.gather(*guesses)} == {False}
