"""How reports move through the workflow table to their end."""
