"""Answers: Snapshot and position -> plain data. No I/O, no waiting, no protocol types."""
