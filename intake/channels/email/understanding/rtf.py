"""The words of RTF (specification 1.9.1), whoever wrote it; HTML inside one too (MS-OXRTFEX).

One walk over the tokens, no recursion, every byte looked at once: the library there is for this
takes 8 seconds for 150 KB that are written to keep it busy. An HTML mail packed into RTF says its
words twice, as HTML in groups that RTF readers skip and as RTF; the second is read here.
"""

import codecs
import re
from dataclasses import dataclass, field, replace

from intake.channels.email.understanding import clean, limits
from intake.channels.email.understanding.names import names
from intake.channels.email.understanding.problems import Problems
from intake.language import marked as _

_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?\d{1,9})? ?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z])|([{}])"
    rb"|[\r\n]+|([^\\{}\r\n]+)|\\"
)
_SIGNS = {
    "par": "\n",
    "line": "\n",
    "sect": "\n\n",
    "page": "\n\n",
    "row": "\n",
    "cell": " ",
    "nestcell": " ",
    "nestrow": "\n",
    "tab": "\t",
    "emdash": "\u2014",
    "endash": "\u2013",
    "bullet": "\u2022",
    "lquote": "\u2018",
    "rquote": "\u2019",
    "ldblquote": "\u201c",
    "rdblquote": "\u201d",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
}
_SYMBOLS = {b"~": " ", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\", b"\n": "\n", b"\r": "\n"}
_SILENT = names(
    "colortbl stylesheet info pict object objdata fldinst listtable listoverridetable generator "
    "themedata colorschememapping datastore latentstyles rsidtbl xmlnstbl filetbl revtbl pgptbl "
    "bkmkstart bkmkend htmltag mhtmltag nonesttables"
)
"""Groups that say nothing to a reader."""
_CODEPAGES = {
    # charset of a font → code page
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "cp936", 136: "cp950",
    161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257",
    204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
_DEEPEST = 1000


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds inside a pair of braces."""

    silent: bool = False
    is_font_table: bool = False
    skip: int = 1
    """Characters after a Unicode one that stand in for it."""
    font: int = -1


@dataclass(slots=True)
class _Reader:
    """Takes one token after the other."""

    out: list[str] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)
    """Bytes of the present code page that are not decoded yet."""
    units: list[int] = field(default_factory=list)
    """UTF-16 code units that are not joined yet."""
    outer: list[_Group] = field(default_factory=list)
    deeper: int = 0
    """Groups that are open deeper than the limit."""
    group: _Group = field(default_factory=_Group)
    fonts: dict[int, str] = field(default_factory=dict)
    codepage: str = "cp1252"
    to_skip: int = 0

    def brace(self, brace: bytes) -> None:
        """Open or close a group."""
        self.flush()
        self.to_skip = 0
        if brace == b"{":
            if len(self.outer) < _DEEPEST:
                self.outer.append(self.group)
            else:
                self.deeper += 1
        elif self.deeper:
            self.deeper -= 1
        elif self.outer:
            self.group = self.outer.pop()

    def word(self, word: str, number: int | None) -> None:
        """Obey a control word."""
        self.to_skip = 0
        if word == "u" and number is not None:
            self._unicode(number)
            return
        self.flush()
        if word in _SILENT:
            self.group = replace(self.group, silent=True)
        elif word == "fonttbl":
            self.group = replace(self.group, silent=True, is_font_table=True)
        elif word == "uc" and number is not None:
            self.group = replace(self.group, skip=min(max(number, 0), 100))
        elif word == "f" and number is not None:
            self.group = replace(self.group, font=number)
        elif word == "fcharset" and self.group.is_font_table:
            self.fonts[self.group.font] = _CODEPAGES.get(number or 0, "")
        elif word == "ansicpg":
            self.codepage = _known(f"cp{number}")
        elif word in _SIGNS and not self.group.silent:
            self.out.append(_SIGNS[word])

    def symbol(self, symbol: bytes) -> None:
        """Obey a control symbol; a star begins a group that may be skipped unknown."""
        self.flush()
        self.to_skip = 0
        if self.group.silent:
            return
        if symbol == b"*":
            self.group = replace(self.group, silent=True)
        else:
            self.out.append(_SYMBOLS.get(symbol, ""))

    def text(self, data: bytes) -> None:
        """Take bytes of the present code page."""
        if self.to_skip:
            kept = data[self.to_skip :]
            self.to_skip = max(0, self.to_skip - len(data))
            data = kept
        if data and not self.group.silent:
            if self.units:
                self.flush()
            self.raw += data

    def _unicode(self, number: int) -> None:
        if self.raw:
            self.flush()
        if not self.group.silent:
            self.units.append(number % 0x10000)
        self.to_skip = self.group.skip

    def flush(self) -> None:
        """Decode what waits."""
        if self.raw:
            codepage = self.fonts.get(self.group.font) or self.codepage
            self.out.append(self.raw.decode(codepage, "replace"))
            self.raw.clear()
        if self.units:
            units = b"".join(unit.to_bytes(2, "little") for unit in self.units)
            self.out.append(units.decode("utf-16-le", "replace"))
            self.units.clear()


def is_rtf(data: bytes) -> bool:
    """Tell whether bytes begin as RTF does."""
    return data.lstrip()[:5] == b"{\\rtf"


def text_of(data: bytes, problems: Problems) -> str:
    """Return the words of RTF as clean text. Bytes beyond `limits.RTF_BYTES` are not read."""
    if len(data) >= limits.RTF_BYTES:
        problems.note(_("The RTF text is too long and was cut."))
        data = data[: limits.RTF_BYTES]
    reader, place = _Reader(), 0
    while token := _TOKEN.match(data, place):
        place = token.end()
        word, number, pair, symbol, brace, text = token.groups()
        if word == b"bin":  # so many raw bytes follow
            place += max(0, int(number or 0))
        elif word:
            reader.word(word.decode(), int(number) if number else None)
        elif pair:
            reader.text(bytes.fromhex(pair.decode()))
        elif symbol:
            reader.symbol(symbol)
        elif brace:
            reader.brace(brace)
        elif text:
            reader.text(text)
    reader.flush()
    lines = clean.text("".join(reader.out)).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n\0 ")


def _known(codepage: str) -> str:
    """Return a code page that Python knows."""
    try:
        return codecs.lookup(codepage.replace("cp65001", "utf-8")).name
    except LookupError:
        return "cp1252"
