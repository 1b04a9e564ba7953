"""Tests of the client alone."""
