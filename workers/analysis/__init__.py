"""From a commit to its judgement: symbols, triage, kinds, the offline judge, grounding."""
