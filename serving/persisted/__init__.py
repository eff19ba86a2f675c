"""Documents that a request names instead of sending them: trusted ones of a manifest, and those seen before."""

from serving.persisted.documents import Persisted

__all__ = ["Persisted"]
