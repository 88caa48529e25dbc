"""What a commit adds, removes, renames and changes, as facts with evidence. The way in is `symbols.facts_of`."""
