"""Figures and counts: each stands in the commit or follows from it."""
