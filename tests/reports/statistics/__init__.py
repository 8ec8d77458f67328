"""Figures over reports, the scoreboard and the open data."""
