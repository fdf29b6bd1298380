"""The review desk: what was set aside in any channel, and what becomes of it."""

from intake.console.review.deciding import Deciding
from intake.console.review.message_page import MessagePages
from intake.console.review.pages import ReviewPages
from intake.console.review.series import SeriesPages
from intake.console.review.trusted import TrustedPages

PARTS = (SeriesPages, TrustedPages, ReviewPages, MessagePages, Deciding)
"""In this order: `/review/trusted` is no message."""

__all__ = ["PARTS"]
