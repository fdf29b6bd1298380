"""The doors: every way in which people reach the hospital, and the pages staff work on."""
