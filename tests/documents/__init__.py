"""The documents: their links, examples and figures."""
