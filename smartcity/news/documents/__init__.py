"""Official documents (văn bản): number, date, kind, agency, file."""
