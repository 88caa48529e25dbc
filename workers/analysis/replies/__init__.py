"""What a model may say, as JSON schemas, and its replies as statements or a named fault."""
