"""Chats kept in the database: their sessions, lines and files."""
