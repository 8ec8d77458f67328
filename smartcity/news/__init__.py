"""News (tin tức) and official documents (văn bản): written, gathered, reviewed, published, read."""
