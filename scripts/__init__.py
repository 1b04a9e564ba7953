"""What the commands in this folder are made of."""
