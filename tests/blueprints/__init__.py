"""The blueprints in a real Home Assistant."""
