"""Python modules behind the commands in this folder."""
