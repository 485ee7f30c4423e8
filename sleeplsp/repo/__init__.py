"""Adapter to the repository on disk: which files it has, what git says of them, its settings files."""
