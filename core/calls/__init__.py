"""The telephone: calls taken down, callers, drafts, call-backs, and what rings right now."""
