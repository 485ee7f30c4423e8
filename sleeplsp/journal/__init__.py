"""The journal: what happened, in one SQLite file of the user's, shared by all processes and never evicted.

An adapter: it keeps `engine.entries` and gives an `engine.account`. It must not know who tells them.
"""
