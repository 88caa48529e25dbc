"""The chat platforms: each in a folder of its own, and none knows another."""
