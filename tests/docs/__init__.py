"""The documentation: its links, its settings, and what it shows."""
