"""How fast it is, measured by anyone with one command: `scripts/bench`."""
