"""An article from its draft to the public and back."""
