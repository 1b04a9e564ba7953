"""Tests of the card and the dashboards in real browsers."""
