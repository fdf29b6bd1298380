"""Members of staff: who they are, how they sign in, and what they hold while they are in."""
