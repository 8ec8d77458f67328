"""Reports that partners relay: filed, waiting for a place, read again."""
