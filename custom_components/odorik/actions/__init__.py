"""Actions, by subject; ``services.py`` registers them."""
