"""What a reader types at the demo hospital, and what must come of it."""

from dataclasses import dataclass

PASSWORD = "payung biru di halte\n"


@dataclass(frozen=True)
class Typed:
    """A printed command, and what must stand in its answer, or in the file that it writes."""

    printed: str
    says: str
    writes: str = ""
    answers: str = ""
    gives: str = ""
    """The word that stands for the first number or id of the answer from here on."""
    code: int = 0
    """What it ends with."""


OPENING = (
    Typed("kiss migrate", "up to date already"),
    Typed("kiss hospital load demo/hospital.yaml --check", "14 units, 7 staff, no mistake"),
    Typed("kiss hospital load rs.yaml --check", "no mistake"),
    Typed("kiss hospital load rs.yaml", "units: "),
    Typed("kiss demo seed", "12 reports are new"),
)
"""What makes the demo hospital."""

DAILY = (
    Typed("DATABASE_URL=postgresql://kiss@db/kiss kiss migrate --check", "database is current"),
    Typed("kiss hospital load FILE", "as the file says already"),
    Typed("kiss doctor", "of these do not run", code=3),
    Typed(
        """kiss doctor --json | jq -r '.[] | select(.state != "ok") | .sentence'""",
        "set KISS_PUBLIC_URL",
        code=3,
    ),
    Typed("kiss limits", "web reports"),
    Typed("kiss limits --refused", "No limit refused anything within a week."),
    Typed("kiss secret show", "current"),
    Typed("kiss secret new", ""),
    Typed("kiss tickets", "kursi roda"),
    Typed("kiss tickets --open --unit IGD", "escalated"),
    Typed("""kiss tickets "kursi roda" --json | jq -r '.[].number'""", "TKT-"),
    Typed("kiss tickets --open", "TKT-", gives="NUMBER"),
    Typed("kiss tickets NUMBER", "NUMBER"),
    Typed("kiss case NUMBER show", "NUMBER"),
    Typed("kiss case NUMBER assign rina", "NUMBER: assigned; it is in_progress now"),
    Typed(
        'kiss case NUMBER reply "Terima kasih, segera kami periksa."',
        "NUMBER: replied; it is in_progress now.\n  replied goes to the submitter by email.",
    ),
    Typed('kiss case NUMBER reply "Teknisi datang pukul 14.00." --as rina', "NUMBER: replied"),
    Typed("kiss case NUMBER resolve - < answer.txt", "NUMBER: resolved; it is resolved now"),
    Typed("kiss deliveries list --status sent --ticket NUMBER", "received"),
    Typed("kiss deliveries", "dead", gives="ID"),
    Typed("kiss deliveries resend ID", "1 notices will be sent again"),
    Typed("kiss deliveries cancel ID", "1 notices are called off"),
    Typed("kiss deliveries resend --all", "1 notices will be sent again"),
    Typed("kiss inbound list", "quarantined"),
    Typed("kiss inbound list --status quarantined", "quarantined", gives="ID"),
    Typed("kiss inbound show ID", "ValueError"),
    Typed("kiss inbound show ID --raw", "AC mati."),
    Typed("kiss inbound show ID --raw > message.eml", "AC mati.", writes="message.eml"),
    Typed("kiss inbound drop ID", "1 is no report"),
    Typed("kiss inbound trusted", "lapor@example.go.id"),
    Typed("kiss inbound retry ID", "1 messages will be read again"),
    Typed("kiss qr list", "MELATI-16"),
    Typed('kiss qr create MELATI --name "Pintu masuk"', "leads to Ruang Melati: http"),
    Typed("kiss qr create UNIT", "leads to Ruang Anggrek: http"),
    Typed("kiss qr poster --all -o posters.pdf", "%PDF", writes="posters.pdf"),
    Typed("kiss qr poster MELATI-16 -o melati.pdf", "%PDF", writes="melati.pdf"),
    Typed(
        "kiss qr poster --unit MELATI --paper stickers -o stickers.pdf",
        "%PDF",
        writes="stickers.pdf",
    ),
    Typed("kiss qr png MELATI-16 -o melati.png", "PNG", writes="melati.png"),
    Typed("kiss qr point MELATI-16 ANGGREK", "MELATI-16 leads to ANGGREK now"),
    Typed("kiss qr retire MELATI-16", "MELATI-16 is retired"),
    Typed(
        'kiss user add dewi --name "Dewi Contoh" --email dewi@rs.example.org --role officer '
        "--unit MELATI",
        "dewi can sign in now",
        answers=PASSWORD * 2,
    ),
    Typed(
        'kiss user add USERNAME --name "FULL NAME" --email ADDRESS --role administrator',
        "USERNAME can sign in now",
        answers=PASSWORD * 2,
    ),
    Typed("kiss user password dewi", "dewi has another password now", answers=PASSWORD * 2),
    Typed("kiss user disable dewi", "dewi cannot sign in any more"),
    Typed("kiss user list", "FULL NAME"),
    Typed("kiss telegram check", "The token belongs to @rs_contoh_bot"),
    Typed("kiss chat-states", "### IDLE"),
    Typed("kiss chat-states docs/chat.md", "### IDLE", writes="docs/chat.md"),
    Typed("kiss parse-mail < mail.eml", "AC mati."),
    Typed("kiss parse-mail --many", "AC mati.", answers="mail.eml\n"),
    Typed("ls *.eml | kiss parse-mail --many", "AC mati."),
    Typed('pg_dump -Fc "$DATABASE_URL" > kiss.dump', "PGDMP", writes="kiss.dump"),
    Typed("cp -a data/postgres kiss-postgres", "18", writes="kiss-postgres/PG_VERSION"),
    Typed(
        "cp -r intake/channels/_skeleton intake/channels/whatsapp",
        "open_channel",
        writes="intake/channels/whatsapp/__init__.py",
    ),
    Typed(
        "cp -r tests/intake/channels/_skeleton tests/intake/channels/whatsapp",
        "open_driver",
        writes="tests/intake/channels/whatsapp/driver.py",
    ),
    Typed(
        "grep -rlI -i skeleton intake/channels/whatsapp tests/intake/channels/whatsapp"
        " | xargs perl -pi -e 's/\\b_skeleton/whatsapp/g; s/skeleton/whatsapp/g;"
        " s/Skeleton/WhatsApp/g; s/SKELETON/WHATSAPP/g'",
        'NAME = "whatsapp"',
        writes="intake/channels/whatsapp/parse.py",
    ),
    Typed(
        "cp deploy/kiss.env.example deploy/kiss.env",
        "KISS_SECRET_KEY=",
        writes="deploy/kiss.env",
    ),
    Typed("echo KISS_ENV_FILE=deploy/kiss.env > .env", "deploy/kiss.env", writes=".env"),
    Typed("kiss demo reset", "Every report is gone", answers="y\n"),
)
"""What is typed at the demo hospital, from top to bottom."""

KNOWN = {
    "FILE": "rs.yaml",
    "UNIT": "ANGGREK",
    "USERNAME": "kartini",
    "FULL NAME": "Kartini Contoh",
    "ADDRESS": "kartini@rs.example.org",
}
"""What a reader puts in place of a word that nothing has printed before."""

TAUGHT = (
    *("kiss …", "kiss COMMAND --help", "kiss case", "kiss case NUMBER …", "kiss demo"),
    *("kiss case NUMBER reply --help", "kiss hospital load", "kiss hospital load --help"),
    *("kiss inbound", "kiss inbound retry", "kiss parse-mail", "kiss qr", "kiss telegram …"),
    *("kiss user", "kiss user add --help", "kiss user password"),
)
"""What a page only names, or what is help itself: the command teaches its use."""
