"""State over time: what is edited, what waits to be thought about, what was learned.

No vendor is named here: files, stores, worker processes and clocks come in through `ports`.
"""
