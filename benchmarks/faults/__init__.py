"""Faults that are injected, and what is lost by them."""
