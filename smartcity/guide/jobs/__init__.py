"""Work that employers offer, as the city's job service lists it."""
