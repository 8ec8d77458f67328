"""The public side of news: lists, articles, feeds; rendered once a change."""
