"""One index of everything that is published: domains write as they publish, anybody searches."""
