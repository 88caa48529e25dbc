"""How well grounding tells true statements from false ones."""
