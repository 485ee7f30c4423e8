"""A real llama.cpp server: with a tiny model in every run, with one that can speak where it was fetched."""
