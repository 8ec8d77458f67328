"""What the public sees: moderated, redacted, coarsened; lists and maps."""
