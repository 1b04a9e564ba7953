"""Whole programs: Home Assistant, the exchange and a browser, each in a process of its own."""
