"""Call logic, independent of Home Assistant and of the local clock."""
