"""The command line, and the only place where adapters are joined to the engine."""
