"""Adapter: tries claims on calls of the workspace's functions, in a process of its own that has limits.

`interpreters` finds what runs the code, `sandbox` how it is started, `process` is what the engine sees, `child` is the
program that runs there. It must not decide whether code may be run at all.
"""
