"""HTML that staff may look at: no scripts, no styles, no remote loads, no forms.

A picture is shown only from the mail itself (`cid:`, RFC 2392): a remote one would tell its
sender who reads the mail, and when.
"""

from intake.channels.email.understanding.names import names

TAGS = names(
    "a abbr b bdi bdo blockquote br caption center cite code col colgroup dd del details dfn div "
    "dl dt em figcaption figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp "
    "small span strike strong sub summary sup table tbody td tfoot th thead tr tt u ul var"
)
WITHOUT_CONTENT = names(
    "applet audio canvas embed frame frameset head iframe math noembed noframes object script "
    "select style svg template textarea title video xml"
)
ATTRIBUTES: dict[str, frozenset[str]] = {
    "*": frozenset({"dir", "lang", "align"}),
    "a": frozenset({"href"}),
    "img": frozenset({"src", "alt", "width", "height"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan"}),
    "ol": frozenset({"start"}),
    "blockquote": frozenset({"type"}),
    "font": frozenset({"color"}),
}
URL_SCHEMES = frozenset({"http", "https", "mailto", "tel", "cid"})


def sanitise(html: str) -> str:
    """Return the HTML with nothing but the tags and attributes above; links open safely."""
    import nh3

    return nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags=set(WITHOUT_CONTENT),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=_allowed,
        url_schemes=set(URL_SCHEMES),
        strip_comments=True,
        link_rel="noopener noreferrer nofollow",
    )


def _allowed(tag: str, attribute: str, value: str) -> str | None:
    """Keep pictures of the mail itself, and links that leave it."""
    url = value.strip().lower()
    if attribute == "src":
        return value if url.startswith("cid:") else None
    if attribute == "href":
        return value if url.startswith(("http:", "https:", "mailto:", "tel:")) else None
    return value if tag else None
