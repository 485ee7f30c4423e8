"""What `editors/README.md` tells users of other editors: that it can be read, and works."""
