"""Why something is suspected, and why something crashed: from what is known beforehand, without a model.

What a user pastes is data like a repository's content: it is read, never followed.
"""
