"""Who sends an operation: a bearer token is checked and becomes a `Caller`. Nothing here knows HTTP's requests."""

from serving.auth.callers import Callers
from serving.auth.refusals import AuthUnavailable, Unauthenticated
from serving.auth.settings import AuthSettings

__all__ = ["AuthSettings", "AuthUnavailable", "Callers", "Unauthenticated"]
