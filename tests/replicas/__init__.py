"""Several servers as one: what they share, and that none is missed when it stops."""
