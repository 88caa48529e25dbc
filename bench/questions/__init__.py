"""Whether questions find their commits and hunks without a model, over real commits."""
