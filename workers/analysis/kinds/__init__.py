"""What sort of change a commit is. The way in is `kinds.kinds_of`."""
