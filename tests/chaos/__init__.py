"""Chaos: replicas that are killed and vendors that fail while clients read and write, and what must hold nevertheless.

`python -m tests.chaos --minutes 10` runs it for long; a test runs a short form.
"""
