"""The ticket core: decides and stores. Knows no channel, web framework, broker or template."""
