"""Every documented operation of the vendors, reached through the graph."""
