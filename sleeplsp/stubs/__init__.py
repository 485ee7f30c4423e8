"""Adapter that makes library facts (`deduce.library`) of typeshed and of one readable table."""
