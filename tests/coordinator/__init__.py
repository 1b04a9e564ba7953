"""Tests of what is polled."""
