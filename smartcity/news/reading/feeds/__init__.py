"""News for feed readers: RSS 2.0, Atom and JSON Feed, each written whole once a change."""
