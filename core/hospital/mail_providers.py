"""Which senders share a domain by chance: mailboxes that anybody may have, at public providers.

What one of them sends says nothing of the next, so their domain is never counted as one sender.
A provider that is not named here is counted, widely (`core/ground/rate_limits.py`).
"""

import re

_PROVIDERS = re.compile(
    r"(?:gmail|googlemail|ymail|rocketmail|msn|me|mac|icloud|mail|email|hey|fastmail|zoho|zohomail"
    r"|proton|protonmail|tutanota|tuta|qq|163|126|sina|naver|daum|hanmail|rediffmail|inbox|bk|list"
    r"|telkom|plasa|indosat|cbn|biznetgo|web|t-online|freenet|comcast|verizon|att|duck)"
    r"\.(?:com|me|net|net\.id|co\.id|io|de|cn|ru)"
    r"|pm\.me|proton\.me|indo\.net\.id|mail\.ru|yandex\.[a-z]{2,3}(?:\.[a-z]{2})?"
    r"|(?:yahoo|hotmail|outlook|live|aol|gmx|yandex)\.[a-z]{2,3}(?:\.[a-z]{2})?"
)


def is_public(domain: str) -> bool:
    """Say whether anybody can have a mailbox in a domain (lower case)."""
    return _PROVIDERS.fullmatch(domain) is not None
