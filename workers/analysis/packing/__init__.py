"""What of a commit a model is shown within a budget of tokens."""
