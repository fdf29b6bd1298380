"""Attacks that mean to shut people out, repeated on this machine against a whole `kiss run`."""
