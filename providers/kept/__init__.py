"""What is kept for a short while, so that many operations ask for it once."""

from providers.kept.config import Config
from providers.kept.dated import Dated
from providers.kept.kept import AnswerStore, Era, Kept, Left, Place
from providers.kept.shelf import Shelf

__all__ = ["AnswerStore", "Config", "Dated", "Era", "Kept", "Left", "Place", "Shelf"]
