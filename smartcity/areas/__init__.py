"""Provinces, wards, boundaries; the agencies that serve them."""
