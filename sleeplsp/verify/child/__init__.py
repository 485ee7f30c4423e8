"""The program that runs in the workspace's own interpreter and calls its functions.

It must not know sleeplsp, which that interpreter need not have: the standard library and hypothesis are all
it imports, and its syntax is that of Python 3.10. What it is asked and what it answers is told in
`speaking`.
"""
