"""Facts as clauses and phrases of a language; no sentence is chosen here."""
