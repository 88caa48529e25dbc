"""The proof that a statement is true: each is checked against the commit it speaks of."""
