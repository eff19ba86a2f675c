"""Prints the SDL: `python -m schema`."""

import sys

from schema.graph import schema

sys.stdout.write(schema.as_str() + "\n")
