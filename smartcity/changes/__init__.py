"""What is public since when: a position for each change tells copies what they miss."""
