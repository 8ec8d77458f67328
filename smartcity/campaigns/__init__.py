"""One message to many phones: drafted, approved by a second person, sent, counted."""
