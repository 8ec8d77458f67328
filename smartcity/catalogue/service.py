"""What other packages see of the catalogue of procedures."""
