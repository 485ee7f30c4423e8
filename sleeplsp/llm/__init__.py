"""Language models behind OpenAI-compatible endpoints: the client, what an endpoint can do, recordings.

Nothing here knows what is asked or what becomes of an answer.
"""
