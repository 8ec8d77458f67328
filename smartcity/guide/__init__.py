"""The city guide: places, living information, and links out."""
