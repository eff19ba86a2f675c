"""What replicas share in a Redis or Valkey: vendors' tokens and answers, and what serving counts.

Nothing depends on it: while it gives no answer, each replica goes on by itself.
"""

from providers.shared.answers import answer_store
from providers.shared.bell import Bell
from providers.shared.config import Config
from providers.shared.connection import Shared, SharedUnavailable
from providers.shared.tokens import SharedTokens, token_store

__all__ = ["Bell", "Config", "Shared", "SharedTokens", "SharedUnavailable", "answer_store", "token_store"]
