"""What a commit does, gathered once for triage and the judges: groups of facts, dangers, reach, reasons for a tier."""
