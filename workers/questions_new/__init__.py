"""Questions about a digest: which commits they are about, and an answer of which every sentence was checked."""
