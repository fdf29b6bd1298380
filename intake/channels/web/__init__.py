"""The web door: the form, posters' landing pages, thanks, slip and tracking page."""
