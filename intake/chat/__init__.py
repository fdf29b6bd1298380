"""Chats: what every chat channel shares between its updates and the dialogue.

`Conversation.hear` takes one update and commits all that comes of it: state, ticket, replies.
A channel brings a parser of its updates, a `ReplyOutbox` for replies, and a sender for news.
"""
