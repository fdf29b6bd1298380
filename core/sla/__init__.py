"""Deadlines: what the hospital promises, and why. Pure."""
