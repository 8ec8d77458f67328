"""Files of rows and records that people bring, read piece by piece."""
