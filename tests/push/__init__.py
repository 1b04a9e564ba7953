"""Tests of push: the web hook, its address, and whether calls come announced."""
