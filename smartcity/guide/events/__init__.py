"""What goes on in the city: a list, and a calendar that phones and computers subscribe to."""
