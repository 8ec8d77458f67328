"""What other packages see of the phone's first screen: what is held of a citizen there."""

from smartcity.home.bookmarks import erase_bookmarks, held_bookmarks

__all__ = ["erase_bookmarks", "held_bookmarks"]
