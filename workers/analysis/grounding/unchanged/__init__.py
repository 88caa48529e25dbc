"""Claims that nothing changes, or that something gets better: they need evidence."""
