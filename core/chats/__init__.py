"""Chats: a step in one, committed whole; their timers, messages, files, log and tickets."""
