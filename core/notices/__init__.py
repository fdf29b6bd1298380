"""Who hears of what, and the row that each notice is before it is sent."""
