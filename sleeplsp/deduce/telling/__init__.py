"""Telling: sentences, quotations and evidence for what was found out.

It must not find anything out by itself.
"""
