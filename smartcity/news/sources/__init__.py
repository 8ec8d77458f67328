"""Feeds of departments and newspapers, polled, cleaned, and turned into articles."""
