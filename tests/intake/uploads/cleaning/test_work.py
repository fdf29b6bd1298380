"""What others get of an anonymous file, what lies in storage, and who opens the original."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass

import pytest
from sqlalchemy import select, text

from core.audit.trail import AuditRead
from core.chats.named_files import named
from core.ground.database import transaction
from core.ground.sealed_files import PIECE, SealedFiles, sealed
from core.ground.storage import FileMissing
from core.reading.command_line.case import case_file
from core.reading.reporter import tracked
from core.runtime import Runtime
from core.tickets.desk import Desk
from core.tickets.file_names import EXTENSIONS
from core.tickets.follow_up import FollowUp
from core.tickets.message import TicketAttachment
from core.tickets.submission import Receipt, StoredFile, Submitter
from intake.uploads.kinds import MIMES
from notifier.periodic import clean_older_files
from notifier.retention import remove_orphaned_files
from tests.builders import submission
from tests.intake.console.staff import Browser, Served, hire
from tests.intake.uploads.cleaning import canaries
from tests.intake.uploads.cleaning.canaries import CANARY, everything_in
from tests.intake.uploads.cleaning.working import clean_all, in_storage, in_tables, stored
from tests.intake.uploads.samples import ole

_MARK = CANARY.encode()
REASON = "Polisi meminta bukti asli."
FILES: tuple[tuple[str, Callable[[], bytes], str], ...] = (
    ("jpg", canaries.jpeg, "foto-1.jpg"),
    ("pdf", canaries.pdf, "dokumen-1.pdf"),
    ("docx", canaries.docx, "dokumen-1.docx"),
    ("mp4", canaries.mp4, "video-1.mp4"),
    ("mp3", canaries.mp3, "suara-1.mp3"),
    ("wav", canaries.wav, "suara-1.wav"),
)


@dataclass(frozen=True)
class Fetched:
    """An answer, read whole."""

    status: int
    headers: Mapping[str, str]
    content: bytes


async def fetched(
    browser: Browser, path: str, *, method: str = "GET", **options: object
) -> Fetched:
    async with browser.session.request(method, path, **options) as answer:  # type: ignore[arg-type]  # any
        return Fetched(answer.status, answer.headers, await answer.read())


async def _file_of(runtime: Runtime, receipt: Receipt) -> TicketAttachment:
    query = select(TicketAttachment).filter_by(ticket_id=receipt.ticket_id)
    async with transaction(runtime.database) as session:
        return (await session.scalars(query)).one()


async def _filed(runtime: Runtime, ending: str, content: bytes, **facts: object) -> Receipt:
    file = await stored(runtime, f"rumah {CANARY}.{ending}", content)
    facts = {"anonymous": True, "files": (file,)} | facts
    return await Desk(runtime).submit(submission(**facts))


@pytest.mark.parametrize(("ending", "make", "name"), FILES, ids=[one[0] for one in FILES])
async def test_nobody_finds_the_person_in_their_file(
    runtime: Runtime,
    served: Served,
    ending: str,
    make: Callable[[], bytes],
    name: str,
) -> None:
    content = make()
    receipt = await _filed(runtime, ending, content)
    file_id = (await _file_of(runtime, receipt)).id
    ayu, sri = await hire(runtime, "ayu", "officer"), await hire(runtime, "sri", "supervisor")
    number = receipt.number

    async with served.signed_in(ayu) as browser:
        before = await fetched(browser, f"/console/files/{file_id}")
        first = before.content
        assert await clean_all(runtime) == 1
        page = await browser.get(f"/console/tickets/{number}")
        answer = await fetched(browser, f"/console/files/{file_id}")
        copy = answer.content
        refused = await browser.post(
            f"/console/tickets/{number}/files/{file_id}/original", {"reason": REASON}
        )
    async with served.signed_in(sri) as browser:
        asked = await browser.get(f"/console/tickets/{number}")
        short = await browser.post(
            f"/console/tickets/{number}/files/{file_id}/original", {"reason": "lihat"}
        )
        opened = await fetched(
            browser,
            f"/console/tickets/{number}/files/{file_id}/original",
            method="POST",
            data={"reason": REASON},
        )
        original = opened.content
        after = await browser.get(f"/console/tickets/{number}")
    command, own = await case_file(runtime, number), await tracked(runtime, receipt.ticket_id)

    # a picture was drawn when it came, and need not wait
    assert before.status == (200 if ending == "jpg" else 404)
    assert _MARK not in first
    assert name in page.text
    assert CANARY not in page.text + asked.text + after.text
    assert answer.status == 200
    assert name in answer.headers["Content-Disposition"]
    assert _MARK not in everything_in(copy)
    assert command is not None
    assert own is not None
    assert command.messages[0].files == (name,)
    assert [file.name for file in own.messages[0].files] == [name]
    assert refused.status in (403, 404)
    assert "/original" not in page.text
    assert "/original" in asked.text
    assert short.status == 422
    assert (opened.status, original) == (200, content)
    assert REASON in after.text
    assert not [path for path, kept in in_storage(runtime).items() if _MARK in everything_in(kept)]
    assert CANARY not in await in_tables(runtime)
    async with transaction(runtime.database) as session:
        reads = list(await session.scalars(select(AuditRead).filter_by(user_id=sri.user_id)))
    [read] = [read for read in reads if read.data.get("original")]
    assert read.data["reason"] == REASON


async def test_what_cannot_be_cleaned_is_locked_and_a_supervisor_opens_it(
    runtime: Runtime, served: Served
) -> None:
    content = ole("WordDocument") + canaries.CANARY.encode()
    receipt = await _filed(runtime, "doc", content)
    file_id = (await _file_of(runtime, receipt)).id
    await clean_all(runtime)
    ayu, sri = await hire(runtime, "ayu", "officer"), await hire(runtime, "sri", "supervisor")

    async with served.signed_in(ayu) as browser:
        page = await browser.get(f"/console/tickets/{receipt.number}")
        locked = await browser.get(f"/console/files/{file_id}")
    async with served.signed_in(sri) as browser:
        opened = await fetched(
            browser,
            f"/console/tickets/{receipt.number}/files/{file_id}/original",
            method="POST",
            data={"reason": REASON},
        )
        assert opened.content == content

    assert locked.status == 404
    assert "dokumen-1.doc" in page.text
    assert "tidak dapat dihapus dari jenis berkas ini" in page.text
    assert not [path for path, kept in in_storage(runtime).items() if _MARK in kept]


async def test_a_named_person_s_file_stays_as_it_is(runtime: Runtime, served: Served) -> None:
    content = canaries.pdf()
    receipt = await _filed(
        runtime, "pdf", content, anonymous=False, submitter=Submitter(name="Sari Contoh")
    )
    file_id = (await _file_of(runtime, receipt)).id
    ayu = await hire(runtime, "ayu", "officer")

    assert await clean_all(runtime) == 0
    async with served.signed_in(ayu) as browser:
        page = await browser.get(f"/console/tickets/{receipt.number}")
        answer = await fetched(browser, f"/console/files/{file_id}")
        assert answer.content == content

    assert f"rumah {CANARY}.pdf" in page.text
    assert "/original" not in page.text


async def test_equal_bytes_of_a_named_person_can_still_be_read(
    runtime: Runtime, served: Served
) -> None:
    content = canaries.pdf()
    same = await stored(runtime, "surat.pdf", content)  # waits in a form meanwhile
    await _filed(runtime, "pdf", content)
    await clean_all(runtime)
    named_person = Submitter(name="Sari Contoh")
    receipt = await Desk(runtime).submit(submission(files=(same,), submitter=named_person))
    again = await Desk(runtime).submit(submission(anonymous=True, files=(same,)))
    await clean_all(runtime)
    ayu = await hire(runtime, "ayu", "officer")

    async with served.signed_in(ayu) as browser:
        named_one = await fetched(
            browser, f"/console/files/{(await _file_of(runtime, receipt)).id}"
        )
        cleaned = await fetched(browser, f"/console/files/{(await _file_of(runtime, again)).id}")
        assert named_one.content == content
        assert _MARK not in everything_in(cleaned.content)


async def test_the_same_file_sent_again_is_still_known(runtime: Runtime) -> None:
    file = await stored(runtime, f"{CANARY}.pdf", canaries.pdf())
    told = submission(anonymous=True, files=(file,))
    receipt = await Desk(runtime).submit(told)
    await clean_all(runtime)

    again = await Desk(runtime).submit(told)
    own = FollowUp(channel="web", key="lagi", words="Ini fotonya.", files=(file,))
    await Desk(runtime).follow_up(receipt.ticket_id, own)
    await clean_all(runtime)
    repeated = await Desk(runtime).follow_up(receipt.ticket_id, own)

    assert again.is_same
    assert repeated.repeated
    seen = await tracked(runtime, receipt.ticket_id)
    assert seen is not None
    assert [len(message.files) for message in seen.messages] == [1, 1]
    assert all(file.is_open for message in seen.messages for file in message.files)


async def test_whoever_takes_their_name_back_has_their_files_cleaned(runtime: Runtime) -> None:
    file = await stored(runtime, f"{CANARY}.pdf", canaries.pdf())
    told = submission(files=(file,), submitter=Submitter(name="Sari Contoh"))
    receipt = await Desk(runtime).submit(told)
    assert await clean_all(runtime) == 0

    hides = submission(files=(file,), key=told.key, anonymous=True)
    await Desk(runtime).submit(hides)

    async with transaction(runtime.database) as session:
        query = text("SELECT is_anonymous FROM tickets WHERE id = :id")
        assert await session.scalar(query, {"id": receipt.ticket_id})
    assert await clean_all(runtime) == 1
    assert not [path for path, kept in in_storage(runtime).items() if _MARK in everything_in(kept)]


async def test_whoever_gives_their_name_later_is_given_their_file_back(
    runtime: Runtime, served: Served
) -> None:
    content = canaries.mp4()
    told = submission(
        anonymous=True, files=(await stored(runtime, f"rumah {CANARY}.mp4", content),)
    )
    receipt = await Desk(runtime).submit(told)
    await clean_all(runtime)
    await Desk(runtime).submit(
        submission(key=told.key, files=told.files, submitter=Submitter(name="Sari Contoh"))
    )
    ayu = await hire(runtime, "ayu", "officer")

    async with served.signed_in(ayu) as browser:
        page = await browser.get(f"/console/tickets/{receipt.number}")
        file_id = (await _file_of(runtime, receipt)).id
        answer = await fetched(browser, f"/console/files/{file_id}")
        part = await fetched(browser, f"/console/files/{file_id}", headers={"Range": "bytes=30-99"})
        assert answer.content == content
        assert (part.status, part.content) == (206, content[30:100])

    assert f"rumah {CANARY}.mp4" in page.text


async def test_a_file_that_was_never_kept_loses_its_name_alone(runtime: Runtime) -> None:
    lost = StoredFile(name=f"{CANARY}.jpg", status="failed", reason="file_too_large")
    receipt = await Desk(runtime).submit(submission(anonymous=True, files=(lost,)))

    await clean_all(runtime)

    seen = await tracked(runtime, receipt.ticket_id)
    assert seen is not None
    assert [(file.name, file.is_lost) for file in seen.messages[0].files] == [("berkas-1", True)]
    assert CANARY not in await in_tables(runtime)


async def test_files_of_before_are_cleaned_some_at_a_time(runtime: Runtime) -> None:
    await _filed(runtime, "pdf", canaries.pdf())
    async with transaction(runtime.database) as session:
        await session.execute(text("DELETE FROM cleanings"))

    await clean_older_files(runtime)

    assert await clean_all(runtime) == 1
    assert CANARY not in await in_tables(runtime)


async def test_what_others_need_is_never_swept(runtime: Runtime) -> None:
    await _filed(runtime, "pdf", canaries.pdf())
    await clean_all(runtime)
    async with transaction(runtime.database) as session:
        [(sealed_one, copy)] = await session.execute(
            text("SELECT file_path, clean_path FROM ticket_attachments")
        )

    await remove_orphaned_files(runtime)

    assert set(await named(runtime, [sealed_one, copy])) == {sealed_one, copy}


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 7])
async def test_a_sealed_file_is_read_from_anywhere(runtime: Runtime, size: int) -> None:
    content = bytes(number * 7 % 251 for number in range(size))
    files = SealedFiles(runtime.storage, runtime.secret)

    async def body() -> AsyncIterator[bytes]:
        for at in range(0, size, 1000):
            yield content[at : at + 1000]

    kept = await runtime.storage.put_stream(sealed(runtime.secret, body()))
    again = await runtime.storage.put_stream(sealed(runtime.secret, body()))

    assert kept.key != again.key  # its name confirms nothing
    assert await files.size(kept.key) == size
    for start, end in ((0, None), (0, 1), (size // 2, size), (PIECE - 3, PIECE + 3), (size, None)):
        read = b"".join([chunk async for chunk in files.read(kept.key, start, end)])
        assert read == content[start:end]


async def test_a_sealed_file_that_was_changed_or_cut_is_not_read(runtime: Runtime) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield bytes(2 * PIECE)

    whole = b"".join([chunk async for chunk in sealed(runtime.secret, body())])
    for bent in (whole[: -(PIECE + 16)], whole[:-1] + b"x", whole[:60] + b"x" + whole[61:]):

        async def bytes_of(content: bytes = bent) -> AsyncIterator[bytes]:
            yield content

        kept = await runtime.storage.put_stream(bytes_of())
        with pytest.raises(FileMissing):
            _ = [
                chunk async for chunk in SealedFiles(runtime.storage, runtime.secret).read(kept.key)
            ]


def test_every_kind_has_an_ending_of_its_own() -> None:
    assert set(EXTENSIONS) >= MIMES
