"""Coordinators: one for each polling interval."""
