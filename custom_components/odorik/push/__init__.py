"""Push: the webhook that the operator requests when a call rings, its URL, and its monitoring."""
