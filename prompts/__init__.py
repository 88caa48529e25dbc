"""What the model is told: one Markdown file per task."""
