"""What people do and see in a chat platform, the same for all: one driver for each fake."""
