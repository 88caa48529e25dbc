"""Putting a view into a channel once: the ledger of what was sent, and the way from a digest to its channel."""
