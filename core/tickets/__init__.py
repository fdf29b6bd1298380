"""The ticket: from a submission to its end, and every verb on it."""
