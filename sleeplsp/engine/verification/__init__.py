"""Verification: a model's claims that can be executed are tried, where the user trusts the workspace's code.

What is left standing is `tested`; what a call shows to be wrong is refuted, and told no more. It must not be
known here how code is run, nor who claims what.
"""
