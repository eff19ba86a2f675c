"""What is kept for a short while, so that many operations ask for it once."""

from providers.kept.config import Config
from providers.kept.shelf import Shelf

__all__ = ["Config", "Shelf"]
