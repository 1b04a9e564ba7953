"""What is polled: one coordinator a clock, over one base that owns the errors."""
