"""Citizens, officers, sessions and what each may do."""
