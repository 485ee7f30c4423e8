"""Contracts: what is known of one function, read off its analysis.

A yes needs a feasible path, a no that nothing in the whole program may do it. It must not know checks, nor
how a contract is told.
"""
