"""Idioms: ways of writing that several checks must know to tell a slip from what is meant.

Each file knows one: where errors are expected, where an unbound name is, what handlers do with
exceptions, what may be evaluated twice, what a format asks for, what a loop goes over, what becomes
of a function made in a loop. No judgement is made here.
"""
