"""Secrets in texts: found by form, by name and by entropy, and taken out before anything is sent.

Keys and passwords are what is looked for, not what is private in other ways. Nothing here knows what a
text is, or where it is sent.
"""

from sleeplsp.prompts.redacted import Redacted


def redact(text: str) -> Redacted:
    """Take secrets out of a text; fails on no text."""
    raise NotImplementedError
