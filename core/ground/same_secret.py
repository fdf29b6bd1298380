"""Whether somebody told us a secret, compared so that how much of it is right takes no time. Pure.

What stands in a header may be any bytes, and reaches us as text with lone surrogates in it. Such a
text is wrong like any other: it is compared, and nothing is raised.
"""

import hmac


def same_secret(given: str, right: str) -> bool:
    """Say whether what was given is the right one; never raises."""
    return hmac.compare_digest(
        given.encode(errors="surrogatepass"), right.encode(errors="surrogatepass")
    )
