"""The judge without a model, section by section. The way in is `offline.judge`."""
