"""Models that do as told: one in memory, and an HTTP endpoint that speaks the protocol of OpenAI.

For tests and demonstrations. Nothing that serves a user imports it.
"""
