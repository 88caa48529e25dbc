"""What a statement says: its names, its numbers, its words in both languages."""
