"""The hospital as it is set up: units, categories, QR codes, channels; all of it as a value."""
