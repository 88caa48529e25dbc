"""Commits of GitHub and GitHub Enterprise, through PyGithub. `source` is the way in."""
