"""Figures over reports: statistics, scoreboard, open data."""
