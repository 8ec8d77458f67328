"""The same trouble told twice: found before sending, linked after, followed and supported."""
