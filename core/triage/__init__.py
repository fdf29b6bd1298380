"""Text triage: rules that propose where a report belongs and how it should be read. Pure."""
