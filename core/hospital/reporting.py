"""The ways a report can take to the hospital; a channel says which is its own."""

REPORTING = ("lisan", "tulisan", "media massa")
"""How a complaint reached the hospital, as the KWTK form counts it (Permenkes 30/2022)."""
