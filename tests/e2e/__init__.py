"""Tests with Home Assistant, the exchange and a browser as separate processes."""
