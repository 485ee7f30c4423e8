"""Answers to questions in words, from what was thought of beforehand.

First what was anticipated (`matching`), then what was deduced (`deduced`); else what a model is to be told
(`retrieve`). Pure; nothing here calls a model. Quiet beats clever: a question that is not surely meant is not
answered.
"""
