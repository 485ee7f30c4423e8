"""The language server: one file per feature, and `convert` as the only border to protocol types.

A handler looks something up in the Snapshot and converts it; it never waits, reads a file or calls a
reasoner.
"""
