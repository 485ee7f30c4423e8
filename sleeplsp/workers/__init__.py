"""Adapter that runs deduction in processes of its own.

The workbench a worker works at, the crew that hands out work, the frames they speak. It must not know the
store, the files or any front end.
"""
