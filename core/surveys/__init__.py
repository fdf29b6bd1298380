"""Satisfaction surveys as they were answered."""
