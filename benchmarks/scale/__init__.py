"""How cost grows with a repository: generated ones of any size."""
