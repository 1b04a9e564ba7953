"""Tests of what the card is fed with."""
