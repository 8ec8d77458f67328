"""Devices, the inbox, and messages to phones."""
