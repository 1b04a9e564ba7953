"""Tests of the card's API and of its built modules."""
