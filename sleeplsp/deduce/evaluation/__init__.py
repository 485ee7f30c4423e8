"""Evaluation: what expressions and steps do to a state, and what a condition teaches.

It runs what it is given, one expression, step or exit at a time. It must not know in which order blocks are
run, nor what is claimed of a function.
"""
