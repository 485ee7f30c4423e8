"""Single paths through a program: the search for one that is really possible, and what it remembers.

It must not know what makes an event a bug, nor what is claimed of a function.
"""
