"""Editing for a long time, and the memory it takes."""
