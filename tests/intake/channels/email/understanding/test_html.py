"""HTML: measured before it is parsed, shown without remote loads, read aloud."""

import pytest

from intake.channels.email.understanding.html import measure, readable, sanitise
from intake.channels.email.understanding.understand import understand

PAGE = b"From: a@example.org\nContent-Type: text/html; charset=utf-8\n\n"


@pytest.mark.parametrize(
    ("html", "why"),
    [
        ("<div>" * 300, "tags nested too deeply"),
        ("<br>" * 30_000, "too many tags"),
        (
            "<p " + " ".join(f'a{n}="b"' for n in range(5000)) + ">",
            "too many attributes in one tag",
        ),
        ("<p " + "a " * 5000 + ">", "too many attributes in one tag"),
        ("<a href='" * 50_000, "too many attributes in one tag"),
    ],
)
def test_bombs_are_refused_and_their_words_kept(html: str, why: str) -> None:
    mail = understand(PAGE + html.encode() + b"kata terakhir")

    assert measure.objection(html) == why
    said = "The HTML is too intricate to be laid out; its words are shown."
    assert said in mail.problems
    assert mail.text.endswith("kata terakhir") is not html.endswith("<a href='")


@pytest.mark.parametrize(
    "html",
    [
        "<p>" * 1000 + "<li>" * 1000,
        "<!-- " + "<div>" * 1000 + " -->",
        "<script>" + "<div>" * 1000 + "</script>",
        "a < b",
        '<a title=">" href="x">y</a>',
        "<!--" * 100_000,
    ],
)
def test_ordinary_untidy_html_is_accepted(html: str) -> None:
    assert measure.objection(html) is None


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ('<img src="http://x.example/p.gif">', "<img>"),
        ('<img src="cid:foto@x">', '<img src="cid:foto@x">'),
        ('<p style="background:url(http://x.example/)">a</p>', "<p>a</p>"),
        ("<script>alert(1)</script>a", "a"),
        ("<style>p{}</style>a", "a"),
        ('<a href="javascript:x()">a</a>', '<a rel="noopener noreferrer nofollow">a</a>'),
        ('<a href="//x.example">a</a>', '<a rel="noopener noreferrer nofollow">a</a>'),
        ('<form action="x"><input></form>a', "a"),
        ('<p onclick="x()">a</p>', "<p>a</p>"),
        ('<iframe src="http://x.example"></iframe>a', "a"),
        ('<a href="https://x.example">a</a>',
         '<a href="https://x.example" rel="noopener noreferrer nofollow">a</a>'),
    ],
)  # fmt: skip
def test_shown_html_loads_and_runs_nothing(html: str, wanted: str) -> None:
    assert sanitise.sanitise(html) == wanted


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ("<p>satu</p><p>dua</p>", "satu\n\ndua"),
        ("<div>satu</div><div>dua</div>", "satu\ndua"),
        ("satu<br>dua", "satu\ndua"),
        ("satu<br><br>dua", "satu\n\ndua"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("<blockquote>lama<br>sekali</blockquote>baru", "> lama\n> sekali\n\nbaru"),
        ("<pre>  a\n  b</pre>", "  a\n  b"),
        ("<head><title>t</title></head><body>a</body>", "a"),
        ("a&nbsp;&amp;&lt;b", "a\u00a0&<b"),
        ("<p>satu <b>tebal</b> dan\n   lagi</p>", "satu tebal dan lagi"),
        ('<blockquote style="margin:0 0 0 40px;border:none">menjorok</blockquote>', "menjorok"),
    ],
)
def test_html_is_read_as_a_person_would(html: str, wanted: str) -> None:
    assert readable.read(html).text == wanted


def test_marks_in_a_text_are_not_ours() -> None:
    assert readable.read(f"<p>a{readable.CUT}b</p>").marked == "ab"
