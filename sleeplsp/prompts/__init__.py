"""What is said to a language model, and what its replies are worth.

Pure, from context to prompt and from reply to claims; nothing here knows an endpoint, a store or time. The
repository's text is data: it stands fenced in user messages and never in the system's, and a reply is
believed only as far as it can be held against the text.
"""
