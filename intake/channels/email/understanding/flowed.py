"""format=flowed (RFC 3676): lines that end with a space go on in the next one."""

from intake.channels.email.understanding.replies import lines as text_lines

_SIGNATURE = "-- "


def unflow(text: str, *, delete_space: bool) -> str:
    """Return the text with its soft breaks undone inside each quoting depth.

    What was stuffed with a space is text (§4.4): where it begins with `>`, `text_lines.WRITTEN`
    stands before it, so that nobody takes it for a quotation.
    """
    paragraphs: list[list[str]] = []
    open_depth = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:].removeprefix(" ")
        flows = content.endswith(" ") and content != _SIGNATURE
        if flows and delete_space:
            content = content[:-1]
        if open_depth == depth and content != _SIGNATURE:
            paragraphs[-1].append(content)
        else:
            paragraphs.append([_beginning(depth, content), content])
        open_depth = depth if flows else -1
    return "\n".join("".join(pieces) for pieces in paragraphs)


def _beginning(depth: int, content: str) -> str:
    if depth:
        return ">" * depth + " "
    return text_lines.WRITTEN if text_lines.is_quoted(content) else ""
