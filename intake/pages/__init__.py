"""The frame every page of ours stands in: house, words, templates, assets, headers, errors.

A door mounts it once and then speaks in pages::

    mount(app, ShownHospital(name="RS Contoh", ...))
    return page(request, "pages/privacy.html")

``page`` renders in the language of the reader and answers with the house's security headers.
"""

from intake.pages.errors import RETRY_AFTER_SECONDS, error_page, errors_as_pages, sentence_for
from intake.pages.headers import SECURITY_HEADERS, from_another_site, set_cookie
from intake.pages.hospital import EmergencyLine, ShownHospital
from intake.pages.offers import OFFERS, Offer
from intake.pages.page import HOUSE, house_of, language_for, mount, page, render

__all__ = [
    "HOUSE",
    "OFFERS",
    "RETRY_AFTER_SECONDS",
    "SECURITY_HEADERS",
    "EmergencyLine",
    "Offer",
    "ShownHospital",
    "error_page",
    "errors_as_pages",
    "from_another_site",
    "house_of",
    "language_for",
    "mount",
    "page",
    "render",
    "sentence_for",
    "set_cookie",
]
