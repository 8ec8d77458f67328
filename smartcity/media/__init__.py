"""Photos: uploads, safe re-encoding, derivatives, links that expire."""
