"""Drafts that people comment on (góp ý dự thảo), and what their authors reply."""
