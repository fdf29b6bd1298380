"""HTML bodies: measured before anything parses them, sanitised for display, read as text."""
