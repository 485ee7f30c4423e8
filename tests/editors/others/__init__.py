"""What `editors/README.md` tells users of other editors: it can be read, and where it can be tried, it works."""
