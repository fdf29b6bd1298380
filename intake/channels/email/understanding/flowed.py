"""format=flowed (RFC 3676): lines that end with a space go on in the next one."""

_SIGNATURE = "-- "


def unflow(text: str, *, delete_space: bool) -> str:
    """Return the text with its soft breaks undone inside each quoting depth."""
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
            paragraphs.append([">" * depth + " " if depth else "", content])
        open_depth = depth if flows else -1
    return "\n".join("".join(pieces) for pieces in paragraphs)
