"""What the performance goals are measured with: `python -m bench REPOSITORY`. Ratios side by side, never bare times."""
