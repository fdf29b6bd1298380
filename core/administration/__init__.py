"""What administrators change: accounts, units, categories, QR codes."""
