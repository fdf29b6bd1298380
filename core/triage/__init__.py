"""What a text says of danger, and the alarm it raises."""
