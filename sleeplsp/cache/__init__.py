"""Adapters that keep rows: on disk (diskcache) and in memory. They know keys and bytes, not meanings."""
