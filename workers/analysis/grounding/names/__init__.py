"""Names, paths, references and expansions of abbreviations: none may be invented."""
