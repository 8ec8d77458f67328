"""Backend of a Vietnamese province's citizen app."""
