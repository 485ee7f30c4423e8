"""Tests of the server, driven through its own protocol."""
