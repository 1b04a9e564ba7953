"""Tests of the simulated exchange, by the folders of its own."""
