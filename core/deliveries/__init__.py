"""Notices after they were written: sent again, called off, readdressed, returned."""
