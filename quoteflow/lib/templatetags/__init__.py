"""Template tags without a domain."""
