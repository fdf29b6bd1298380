"""What is set aside is a person's to decide: verdicts, trusted sources, the desk's alarm."""
