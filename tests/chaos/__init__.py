"""What a home does to software, done to it on purpose."""
