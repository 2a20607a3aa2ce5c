"""Files -> a table of texts with cell addresses. No meaning."""
