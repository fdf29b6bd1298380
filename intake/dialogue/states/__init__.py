"""The screens of the conversation, one module per part of it."""
