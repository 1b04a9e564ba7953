"""What the operator calls when somebody calls: the web hook, its address, and whether it works."""
