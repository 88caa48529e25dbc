"""Real servers on loopback in place of those that tests must not reach."""
