"""What other packages see of news and documents."""

from smartcity.news.reading.listing import for_phones, latest

__all__ = ["for_phones", "latest"]
