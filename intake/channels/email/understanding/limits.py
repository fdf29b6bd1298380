"""How much of one mail is read: every number here is a promise to the machine, not to the sender.

A mail beyond a limit is still a ticket: what was cut is named in the mail's problems and the
original bytes are kept. Measured reasons stand in docs/email.md, "Understanding".
"""

HEADER_VALUE_BYTES = 32 * 1024
"""One header value; a longer one is cut."""
HEADER_BLOCK_BYTES = 1024 * 1024
"""All headers of one part together."""
HEADER_FIELDS = 2000
"""Header fields of one part."""
REFERENCES = 200
"""Message-IDs read from References; the newest are kept."""
ADDRESSES = 500
"""People read from one address header."""
PARTS = 1000
"""MIME parts of one mail, enclosed mails included."""
DEPTH = 30
"""Levels of multipart and enclosed mail."""
BOUNDARY_CANDIDATES = 20_000
"""Lines that look like boundaries and must be compared."""
SUBJECT_CHARACTERS = 255
"""The width of the column it goes to."""
TEXT_CHARACTERS = 2 * 1024 * 1024
"""Readable text of one mail."""
REPLY_LINES = 10_000
"""Lines searched for quotes and signatures; later lines belong to the reply unseen."""
LINE_CHARACTERS = 2000
"""A longer line is never looked at as attribution, header or signature."""
HTML_CHARACTERS = 2 * 1024 * 1024
HTML_TAGS = 20_000
HTML_NESTING = 200
HTML_ATTRIBUTES = 200
"""Attributes of one tag; browsers' parsers compare each with all others."""
TNEF_BYTES = 32 * 1024 * 1024
RTF_BYTES = 1024 * 1024
"""Of RTF, unpacked; Outlook writes some 5 KB for a letter, and pictures beside it."""
CALENDAR_BYTES = 1024 * 1024
FILENAME_CHARACTERS = 200
PROBLEMS = 50
"""Distinct sentences in a mail's problems."""
