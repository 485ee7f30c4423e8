"""Adapters that keep rows, on disk and in memory. They know keys and bytes, not meanings."""
