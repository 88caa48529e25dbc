"""People in, messages out: commands, views, rendering, delivery."""
