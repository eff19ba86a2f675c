"""The one layer that decides what a caller may reach: which parts of the graph, and whose objects."""
