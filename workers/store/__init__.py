"""What is kept in Redis, one noun per file; every key is documented in `keys`."""
