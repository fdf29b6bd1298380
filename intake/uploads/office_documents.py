"""Office documents: which they are, and what in them would run or load when opened.

Nothing is unpacked to disk; only the few small parts that decide are read, each with a limit.
"""

import struct
import zipfile
import zlib
from pathlib import Path
from xml.parsers import expat

from intake.uploads.disguises import chunks_of
from intake.uploads.reasons import Reason

_ENTRIES = 2000
_DIRECTORY_BYTES = 1 << 20
_UNPACKED_BYTES = 300 << 20
_RATIO = 200  # deflate reaches 1032 at most; a sheet of numbers about 50
_RATIO_MATTERS_BYTES = 10 << 20
_PART_BYTES = 1 << 20
_RELATIONS_BYTES = 4 << 20  # of all .rels parts together
_HEAD_BYTES = 1024
_END = struct.Struct("<4s4H2LH")  # the end of central directory record, PKWARE APPNOTE 4.3.16
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ODT = b"application/vnd.oasis.opendocument.text"

_MAIN_PARTS: tuple[tuple[str, str], ...] = (
    ("wordprocessingml.document.main+xml", "docx"),
    ("spreadsheetml.sheet.main+xml", "xlsx"),
)
_MACRO_NAMES = ("vbaproject.bin", "vbadata.xml")
_MACRO_FOLDERS = ("/activex/", "/basic/", "/scripts/", "/macrosheets/")
# Streams of an OLE container, by the names in its directory; the first that occurs decides.
_OLE_STREAMS: tuple[tuple[str, str, Reason | None], ...] = (
    ("_VBA_PROJECT", "", Reason.MACROS),
    ("EncryptedPackage", "", Reason.ENCRYPTED),
    ("WordDocument", "doc", None),
    ("Workbook", "xls", None),
    ("Book", "xls", None),
)


# What zipfile raises on archives that somebody bent on purpose.
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(KeyError, IndexError, ValueError, OverflowError, RuntimeError),
)


class _Unfit(Exception):  # noqa: N818 - carries the reason for quarantine
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def look_into_zip(path: Path) -> tuple[str, Reason | None]:
    """Return docx, xlsx, odt or "" for any other archive, and why it must not be opened."""
    try:
        with _opened(path) as package:
            _refuse_bombs(path, package)
            _refuse_macros(package)
            kind = _kind(package)
            _refuse_external(package)
            _refuse_doctypes(package)
    except _Unfit as unfit:
        return "", unfit.reason
    except _BROKEN:
        return "", Reason.BROKEN_PACKAGE
    return kind, None


def look_into_ole(path: Path) -> tuple[str, Reason | None]:
    """Return doc, xls or "" by the streams the container names, and why it must not be opened."""
    names = [name.encode("utf-16-le") for name, _, _ in _OLE_STREAMS]
    seen = {name for chunk in chunks_of(path, overlap=64) for name in names if name in chunk}
    for name, (_, kind, reason) in zip(names, _OLE_STREAMS, strict=True):
        if name in seen:
            return kind, reason
    return "", Reason.FORBIDDEN_TYPE


def _opened(path: Path) -> zipfile.ZipFile:
    """Open it only after its end record promises a directory of reasonable size."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(size - _END.size, 0))
        end = file.read()
    if len(end) < _END.size or not end.startswith(b"PK\x05\x06"):
        raise _Unfit(Reason.BROKEN_PACKAGE)  # also a comment or anything behind the end
    _, disk, start_disk, entries, total, directory, start, comment = _END.unpack(end)
    if disk or start_disk or comment or entries != total or start + directory + _END.size != size:
        raise _Unfit(Reason.BROKEN_PACKAGE)  # also ZIP64 and bytes before the first entry
    if entries > _ENTRIES or directory > _DIRECTORY_BYTES:
        raise _Unfit(Reason.PACKAGE_TOO_LARGE)
    return zipfile.ZipFile(path)


def _refuse_bombs(path: Path, package: zipfile.ZipFile) -> None:
    entries = package.infolist()
    if len({entry.filename for entry in entries}) != len(entries):
        raise _Unfit(Reason.BROKEN_PACKAGE)  # readers disagree about which of two counts
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise _Unfit(Reason.ENCRYPTED)
    if any(entry.compress_type not in _METHODS for entry in entries):
        raise _Unfit(Reason.BROKEN_PACKAGE)
    relations = sum(entry.file_size for entry in entries if _is_relations(entry.filename))
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if packed > path.stat().st_size:
        raise _Unfit(Reason.PACKAGE_TOO_LARGE)  # entries share bytes: an overlapping bomb
    if len({entry.header_offset for entry in entries}) != len(entries):
        raise _Unfit(Reason.BROKEN_PACKAGE)  # one content under two names
    if (
        relations > _RELATIONS_BYTES
        or unpacked > _UNPACKED_BYTES
        or (unpacked > _RATIO_MATTERS_BYTES and unpacked > packed * _RATIO)
    ):
        raise _Unfit(Reason.PACKAGE_TOO_LARGE)


def _refuse_macros(package: zipfile.ZipFile) -> None:
    for name in map(str.lower, package.namelist()):
        if name.endswith(_MACRO_NAMES) or any(folder in f"/{name}" for folder in _MACRO_FOLDERS):
            raise _Unfit(Reason.MACROS)


def _kind(package: zipfile.ZipFile) -> str:
    if "mimetype" in package.namelist() and _read(package, "mimetype").strip() == _ODT:
        return "odt"
    if "[Content_Types].xml" not in package.namelist():
        raise _Unfit(Reason.FORBIDDEN_TYPE)  # a plain archive, an app, a book
    types = [
        attributes.get("ContentType", "")
        for attributes in _attributes(package, "[Content_Types].xml")
    ]
    if any("macroenabled" in kind.lower() or "vbaproject" in kind.lower() for kind in types):
        raise _Unfit(Reason.MACROS)
    for part, kind in _MAIN_PARTS:
        if any(part in content_type for content_type in types):
            return kind
    raise _Unfit(Reason.FORBIDDEN_TYPE)


def _refuse_external(package: zipfile.ZipFile) -> None:
    """Refuse what loads by itself; a link that a reader has to click is fine."""
    for name in package.namelist():
        if not _is_relations(name):
            continue
        for attributes in _attributes(package, name):
            external = attributes.get("TargetMode", "").lower() == "external"
            if external and not attributes.get("Type", "").endswith("/hyperlink"):
                raise _Unfit(Reason.EXTERNAL_CONTENT)


def _is_relations(name: str) -> bool:
    return name.lower().endswith(".rels")


def _refuse_doctypes(package: zipfile.ZipFile) -> None:
    """OOXML and ODF parts have no DOCTYPE; an entity in one reads files or the network."""
    for name in package.namelist():
        if name.lower().endswith((".xml", ".rels")):
            with package.open(name) as part:
                head = part.read(_HEAD_BYTES).replace(b"\0", b"").lower()
            if b"<!doctype" in head or b"<!entity" in head:
                raise _Unfit(Reason.EXTERNAL_CONTENT)


def _read(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as part:
        content = part.read(_PART_BYTES + 1)
    if len(content) > _PART_BYTES:
        raise _Unfit(Reason.PACKAGE_TOO_LARGE)
    return content


def _attributes(package: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    """Return the attributes of a part's elements that have any; a DOCTYPE is refused."""
    found: list[dict[str, str]] = []

    def note(_: str, attributes: dict[str, str]) -> None:
        if attributes:
            found.append(attributes)

    parser = expat.ParserCreate()
    parser.StartElementHandler = note
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(_read(package, name), True)
    except expat.ExpatError as error:
        raise _Unfit(Reason.BROKEN_PACKAGE) from error
    return found


def _refuse_doctype(*_: object) -> None:
    raise _Unfit(Reason.EXTERNAL_CONTENT)
