"""What requests cost over stdio, beside peers."""
