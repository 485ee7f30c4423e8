"""Real tracebacks, and where their cause is: what `sleeplsp why` says of them."""
