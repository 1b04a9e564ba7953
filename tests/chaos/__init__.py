"""Tests under faults: of the network, the exchange, push, clocks, the disk and restarts."""
