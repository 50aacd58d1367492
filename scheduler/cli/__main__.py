"""`python -m scheduler.cli` does what `anw` does."""

from scheduler.cli import main

main()
