"""Directions: what comes or goes, rises or falls, is turned on or off, replaces what."""
