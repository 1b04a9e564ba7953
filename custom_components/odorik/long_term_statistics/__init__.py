"""Import the call history into Home Assistant's long-term statistics."""
