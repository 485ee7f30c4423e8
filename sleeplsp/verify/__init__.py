"""Adapter: tries claims on calls of the workspace's functions, in a process of its own that has limits.

`interpreters` finds what runs the code, `sandbox` starts it, `conversation` hears it out, `process` is what
the engine sees, `child` is the program that runs there. It must not decide whether code may be run at all.
"""
