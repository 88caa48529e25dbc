"""Facts in, judgements out: sources, analysis, store, jobs. Knows of no chat platform."""

__version__ = "0.1.0"
