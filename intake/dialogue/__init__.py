"""The chat bot's conversation, pure: every chat channel speaks it and none is known here.

`step(state, event, facts)` returns the next state, replies and effects. `wording.text` turns a
reply into a sentence; `dump` and `load` store a state. `docs/chat.md` shows the whole table.
"""
