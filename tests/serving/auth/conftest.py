"""What these tests share with those of the calls to vendors."""

from tests.providers.conftest import tidy

__all__ = ["tidy"]
