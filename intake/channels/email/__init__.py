"""E-mail: both directions."""
