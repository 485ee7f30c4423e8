"""Drift over a workspace: contracts now against contracts at a commit, and who needs what was lost.

It must not know how history is read, nor who is told.
"""
