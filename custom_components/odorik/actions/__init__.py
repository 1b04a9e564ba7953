"""What people order and ask: one file an action, and what several of them take."""
