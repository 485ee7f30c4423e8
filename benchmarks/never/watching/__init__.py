"""What runs inside the tests of a watched package: a pytest plugin and what it needs.

It must not import anything but the standard library: it is linked into environments that have nothing else.
"""
