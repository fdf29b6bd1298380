"""What everything stands on: database, clock, storage, settings, text, errors."""
