"""sleeplsp: a language server that thinks about your code while you don't."""

__version__ = "0.1.0"
