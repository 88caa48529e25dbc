"""Commits of git repositories on disk, through the git command. `source` is the way in."""
