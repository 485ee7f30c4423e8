"""A model's sleep over a workspace: which module when, what it is told, what becomes of its replies.

It must not know which endpoint answers, nor where results lie.
"""
