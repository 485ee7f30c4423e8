"""A model's reply: the form it must have, and what of it can be held against the text."""
