"""Places of the city guide: where things are, when they are open, who knows better."""
