"""Commands people write: text -> Command (grammar), and what each does (table)."""
