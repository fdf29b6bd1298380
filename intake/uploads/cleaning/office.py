"""Word, Excel and OpenDocument: the package written anew, without who wrote it, when and where."""

import io
import zipfile
from pathlib import Path
from typing import Final
from xml.sax import handler, make_parser
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from intake.uploads.cleaning.pictures import bare_picture
from intake.uploads.cleaning.unclean import UncleanError

_PICTURES: Final = (".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".webp")
_XML: Final = (".xml", ".rels", ".vml", ".rdf")
_EMPTIED: Final = ("/printersettings/", "printersettings")
_LEFT_OUT: Final = (
    *("docprops/", "customxml/", "thumbnails/", "meta.xml", "meta-inf/documentsignatures.xml"),
    *("_xmlsignatures/", "configurations2/", "word/people.xml", "xl/persons/", "xl/revisions/"),
    *("layout-cache", "manifest.rdf", "xl/threadedcomments/"),
)
_TYPES_LEFT_OUT: Final = (
    *("/thumbnail", "/customXml", "/core-properties", "/extended-properties", "/custom-properties"),
    *(
        "/origin",
        "/people",
        "/threadedComment",
        "/person",
        "/revisionHeaders",
        "/usernames",
        "/attachedTemplate",
    ),
)
_ATTRIBUTES: Final = frozenset(
    (
        *("author", "initials", "userId", "providerId", "userName", "alt"),
        *("lastModifiedBy", "descr", "title", "date", "dateUtc", "dT", "data-user", "durableId"),
        *("rsid", "rsidR", "rsidRDefault", "rsidP", "rsidRPr", "rsidTr", "rsidDel", "rsidSect"),
    )
)
"""Attributes that say who, when or with what, by their local names."""
_NAMED: Final = frozenset(("cNvPr", "docPr", "shape", "frame", "object-ole"))
"""Elements whose `name` is what a picture's file was called."""
_DROPPED: Final = frozenset(
    (
        *("absPath", "rsids", "docVars", "attachedTemplate", "fileSharing", "documentId", "docId"),
        *("saveThroughXslt", "mailMerge", "printer-settings"),
    )
)
"""Elements that go with all that is in them."""
_EMPTY: Final = frozenset(
    (
        *("author", "creator", "initial-creator", "author-name", "author-initials"),
        *("sender-firstname", "sender-lastname", "sender-initials", "sender-email", "sender-title"),
        *(
            "sender-phone-private",
            "sender-phone-work",
            "sender-company",
            "file-name",
            "sender-city",
        ),
        *("sender-street", "sender-position", "creator-initials", "meta-creator-initials"),
        *("printed-by", "print-date", "print-time", "creation-date", "creation-time"),
    )
)
"""Elements that stay, without their words."""
_EMPTY_IN_FULL: Final = frozenset(("dc:date", "svg:title", "svg:desc"))
"""The same by their whole names: other elements are called so, too, and are read."""
_FIXED: Final = (1980, 1, 1, 0, 0, 0)
_OPENDOCUMENT: Final = "mimetype"


def clean_office(source: Path, target: Path) -> None:
    """Write it anew. Raises UncleanError for a part that nobody here can answer for."""
    with zipfile.ZipFile(source) as package, zipfile.ZipFile(target, "w") as out:
        for entry in package.infolist():
            name = entry.filename
            if entry.is_dir() or _is_left_out(name):
                continue
            content = _clean_part(name, package.read(entry))
            fresh = zipfile.ZipInfo(name, _FIXED)
            stored = name == _OPENDOCUMENT
            fresh.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            out.writestr(fresh, content)


def _is_left_out(name: str) -> bool:
    return name.lower().lstrip("/").startswith(_LEFT_OUT)


def _clean_part(name: str, content: bytes) -> bytes:
    lower = name.lower()
    if lower == _OPENDOCUMENT:
        return content
    if any(part in lower for part in _EMPTIED):
        return b""
    if lower.endswith(_XML):
        return _clean_xml(content)
    if lower.endswith(_PICTURES):
        return bare_picture(content)
    if lower.endswith((".odttf", ".fntdata")):
        return content
    raise UncleanError  # a film, an old drawing, another document


def _clean_xml(content: bytes) -> bytes:
    out = io.BytesIO()
    parser = make_parser()  # noqa: S317 - a DOCTYPE, which alone is dangerous, is refused
    parser.setFeature(handler.feature_external_ges, False)
    parser.setFeature(handler.feature_external_pes, False)
    parser.setContentHandler(_Forgetful(out))
    parser.setProperty(handler.property_lexical_handler, _NoDoctype())
    parser.parse(io.BytesIO(content))
    return out.getvalue()


class _NoDoctype(handler.LexicalHandler):
    def startDTD(self, *_: object) -> None:  # noqa: N802 - as SAX calls it
        raise UncleanError


class _Forgetful(XMLGenerator):
    """Writes down what it reads, but for who, when and with what."""

    def __init__(self, out: io.BytesIO) -> None:
        super().__init__(out, encoding="utf-8", short_empty_elements=True)
        self._dropping = 0
        self._emptying = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - as SAX calls it
        local = name.rpartition(":")[2]
        if self._dropping or local in _DROPPED or _is_dropped(local, attrs):
            self._dropping += 1
            return
        if self._emptying or local in _EMPTY or name in _EMPTY_IN_FULL:
            self._emptying += 1
        super().startElement(name, AttributesImpl(_kept(local, attrs)))

    def endElement(self, name: str) -> None:  # noqa: N802 - as SAX calls it
        if self._dropping:
            self._dropping -= 1
            return
        self._emptying -= bool(self._emptying)
        super().endElement(name)

    def characters(self, content: str) -> None:
        """Write words, unless they say who or when."""
        if not self._dropping and not self._emptying:
            super().characters(content)

    def processingInstruction(self, target: str, data: str) -> None:  # noqa: N802 - as SAX calls it
        """Leave it out."""


def _is_dropped(local: str, attributes: AttributesImpl) -> bool:
    if local == "Relationship":
        kind, goal = attributes.get("Type", ""), attributes.get("Target", "")
        return kind.endswith(_TYPES_LEFT_OUT) or _is_left_out(goal.lstrip("./"))
    if local == "Override":
        return _is_left_out(attributes.get("PartName", ""))
    if local == "file-entry":
        return any(_is_left_out(str(path)) for path in attributes.values())
    if local == "config-item":
        return any("rint" in str(name) for name in attributes.values())
    return False


def _kept(local: str, attributes: AttributesImpl) -> dict[str, str]:
    """Leave out nothing that a schema demands: what must be there stands there emptied."""
    kept = {}
    for name, value in attributes.items():
        plain = name.rpartition(":")[2]
        if plain == "name" and local in _NAMED:
            kept[name] = f"{local}{attributes.get('id', '')}"
        elif plain in ("author", "userName"):
            kept[name] = "-"
        elif plain == "Target" and value.lower().startswith("file:"):
            kept[name] = "about:blank"  # a folder on their own machine
        elif plain not in _ATTRIBUTES or (plain in ("title", "date") and ":" not in name):
            kept[name] = value
    if local in ("cNvPr", "docPr"):
        kept.pop("title", None)
    return kept
