"""Alembic's home: every change of the directory's tables, in order."""
