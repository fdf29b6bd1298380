"""What mail programs write in each language: tables, no code. A new language is one row each."""
