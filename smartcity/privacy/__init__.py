"""What the law gives a person over his data, over all domains: Law 91/2025, Decree 356/2025."""
