"""`python -m intake …` is `kiss …`."""

from intake.cli import main

main()
