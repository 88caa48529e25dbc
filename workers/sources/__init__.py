"""Where commits come from. `base` holds the protocol; `git` and `github` are its two implementations."""
