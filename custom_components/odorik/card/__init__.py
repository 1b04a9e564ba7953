"""Backend of the card: its data, and its registration in Home Assistant's frontend."""
