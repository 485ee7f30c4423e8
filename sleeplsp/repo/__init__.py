"""Adapter to the repository on disk: its files, what git says of them, its settings files."""
