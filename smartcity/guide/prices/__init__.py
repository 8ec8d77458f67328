"""The prices of everyday goods at the markets, day by day."""
