"""PDF: what is said of the document, its authors and its pictures, and all it no longer shows."""

import io
from pathlib import Path
from typing import Any, Final

import pikepdf

from intake.uploads.cleaning.boxes import clean_jp2
from intake.uploads.cleaning.pictures import bare_picture
from intake.uploads.cleaning.unclean import UncleanError

_SAID: Final = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/AF", "/Measure", "/PtData")
_OF_REMARKS: Final = ("/T", "/M", "/CreationDate", "/Subj", "/NM")
_OF_SIGNATURES: Final = (
    *("/Name", "/Location", "/Reason", "/ContactInfo", "/Cert", "/M", "/Prop_Build", "/Reference"),
)
_DEEPEST: Final = 40
_ATTACHED: Final = ("/EF", "/RichMediaContent", "/Sound", "/Movie")


def clean_pdf(source: Path, target: Path) -> None:
    """Write what its pages show. Raises UncleanError for one with files or films in it."""
    with pikepdf.open(source) as document:
        root = document.Root
        for name in ("/Collection", "/Perms", "/DSS", "/Legal"):
            _drop(root, name)
        if "/Names" in root:
            _drop(root.Names, "/EmbeddedFiles")
        for one in document.objects:
            _clean(one, 0)
        for name in ("/Info", "/ID"):
            _drop(document.trailer, name)
        document.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def _clean(one: Any, depth: int) -> None:  # noqa: ANN401 - whatever stands in a PDF
    """Clean an object and what stands within it; others that it points to have their own turn."""
    if depth > _DEEPEST:
        raise UncleanError
    if isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
        _clean_dictionary(one)
        within = [one[name] for name in list(one.keys())]
    else:
        within = list(one) if isinstance(one, pikepdf.Array) else []
    for each in within:
        if isinstance(each, (pikepdf.Array, pikepdf.Dictionary)) and not each.is_indirect:
            _clean(each, depth + 1)


def _clean_dictionary(one: Any) -> None:  # noqa: ANN401 - a dictionary or a stream
    if any(name in one for name in _ATTACHED):
        raise UncleanError
    is_remark = "/Rect" in one and one.get("/Subtype") != pikepdf.Name.Widget
    is_signature = "/ByteRange" in one
    said = (*_SAID, *(_OF_REMARKS if is_remark else ()), *(_OF_SIGNATURES if is_signature else ()))
    for name in said:
        _drop(one, name)
    if is_signature:
        one["/Contents"] = pikepdf.String("")
    if isinstance(one, pikepdf.Stream):
        _clean_stream(one)


def _clean_stream(stream: Any) -> None:  # noqa: ANN401 - as pikepdf types its parts
    filters = stream.get("/Filter")
    names = list(filters) if isinstance(filters, pikepdf.Array) else [filters]
    last = names[-1] if names else None
    if last not in (pikepdf.Name.DCTDecode, pikepdf.Name.JPXDecode):
        return
    if len(names) > 1:
        raise UncleanError  # a picture packed twice
    raw = stream.read_raw_bytes()
    if last == pikepdf.Name.DCTDecode:
        bare = bare_picture(raw)
    else:
        held = io.BytesIO(raw)
        if raw[4:8] == b"jP  ":
            clean_jp2(held, len(raw))
        bare = held.getvalue()
    parameters = stream.get("/DecodeParms")
    stream.write(bare, filter=last, decode_parms=parameters)


def _drop(one: Any, name: str) -> None:  # noqa: ANN401 - a dictionary or a stream
    if name in one:
        del one[name]
