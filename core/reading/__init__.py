"""The read side, by reader: the reporter, staff, the phone desk, the command line."""
