"""Stops `make install` with a readable message when the Python found is too old."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this file runs before the requirement is known to hold
    sys.exit(
        f"anw-rooster needs Python 3.11 or newer, found {sys.version.split()[0]}; try: make PYTHON=python3.12 install"
    )
