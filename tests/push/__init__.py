"""Tests of push: the webhook, its address, and whether calls are announced."""
