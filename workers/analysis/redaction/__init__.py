"""Secrets out of commits and texts. The way in is `redaction.redact`."""
