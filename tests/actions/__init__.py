"""Tests of what people order and ask."""
