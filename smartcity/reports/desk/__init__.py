"""An officer's desk: search, saved filters, notes, comments, canned replies."""
