"""What the card is fed with, and how it gets into Home Assistant's pages."""
