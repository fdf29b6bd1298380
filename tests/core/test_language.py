"""The core keeps codes and what people wrote; sentences for readers are in the catalogues."""

import ast
import re
from collections.abc import Iterator

from tests.root import ROOT

CORE = ROOT / "core"

INDONESIAN = re.compile(
    r"\b(?:yang|dan|di|ke|dari|untuk|dengan|oleh|pada|atau|karena|agar|ini|itu|tidak|belum|sudah|"
    r"telah|akan|dapat|bisa|kami|anda|saya|kita|mohon|silakan|terima kasih|laporan|pelapor|"
    r"petugas|pesan|surat|berkas|tiket|unit ini|jam|hari|dipindahkan|ditutup|diterima|dikirim)\b",
    re.IGNORECASE,
)
"""Words that hardly a sentence of Indonesian does without, and no name or code of ours is."""

KNOWN = {
    # sentences stored with a ticket when it is filed, for staff, in the hospital's language: both
    # languages stand beside each other, and the schema's columns hold the sentence
    "tickets/routing.py",
    "deadlines/promise.py",
    "deadlines/by_grade.py",
    # what a hospital begins with: names of categories and roles, which it may change
    "people/roles.py",
}


def texts_of(source: str) -> Iterator[str]:
    """Return the texts of a module, but for its docstrings."""
    tree = ast.parse(source)
    said = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


def indonesian_in(source: str) -> list[str]:
    """Return the texts of a module that are sentences, or parts of one, in Indonesian."""
    return [text for text in texts_of(source) if " " in text and INDONESIAN.search(text)]


def test_no_indonesian_sentence_stands_in_the_core() -> None:
    found = {
        path.relative_to(CORE).as_posix(): sentences
        for path in CORE.rglob("*.py")
        if (sentences := indonesian_in(path.read_text("utf-8")))
    }

    assert {name: said for name, said in found.items() if name not in KNOWN} == {}
    assert KNOWN - found.keys() == set(), "the exceptions may only shrink"


def test_the_words_sought_find_what_once_stood_there() -> None:
    for sentence in (
        "Dipindahkan oleh petugas.",
        "Balasan atas laporan yang sudah lama ditutup.",
        "Laporan ini kami tangani bersama laporan {number}, karena hal yang sama.",
        "Berkas tidak dapat diambil dari kanal pengirim.",
    ):
        assert indonesian_in(f"WHY = {sentence!r}") == [sentence]
    assert indonesian_in('"""Laporan ini kami tangani."""\nWHY = "moved_by_staff"') == []
