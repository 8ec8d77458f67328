"""What other packages see of news and documents."""

from smartcity.news.documents.publication import documents_for_phones
from smartcity.news.reading.listing import for_phones, latest
from smartcity.news.reading.schemas import NewsCardOut

__all__ = ["NewsCardOut", "documents_for_phones", "for_phones", "latest"]
