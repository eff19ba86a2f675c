"""What can go wrong at a provider, by what the caller can do about it.

ProviderError
├── Unreachable     retry   no connection, or it was lost
│   └── BreakerOpen retry   not tried: the provider has just failed too often
├── TimedOut        retry   no answer within the deadline
├── RateLimited     retry   429; carries retry_after
├── Broken          retry   5xx
├── UnknownOutcome  retry   a write may have happened: the same idempotency key has it looked up
├── Garbled         no      the answer is not what the vendor's documentation promises
├── Unauthorized    no      our credentials were refused
├── NotFound        no      no such object
├── Rejected        no      the vendor's refusal of this request; carries its code
│   └── Busy        no      it is at work on the same already
├── Unsupported     no      this vendor cannot do that
└── CallLimit       no      not sent: the operation has made all the calls that it may

Messages are written here and in the vendors' translators: they never hold a URL, a token, a header, an account number
or a part of a body. The vendor's own code may be carried in `vendor_code`; its message never is.
"""

from typing import ClassVar, TypeAlias, TypeVar

from providers.domain import Provider

T = TypeVar("T")


class ProviderError(Exception):
    """A call to a provider that gave no usable answer."""

    code: ClassVar[str] = "UPSTREAM_UNAVAILABLE"
    retryable: ClassVar[bool] = False
    summary: ClassVar[str] = "The provider gave no usable answer."

    def __init__(
        self,
        provider: Provider,
        operation: str,
        message: str | None = None,
        *,
        status: int | None = None,
        vendor_code: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message or self.summary)
        self.provider = provider
        self.operation = operation
        self.message = message or self.summary
        self.status = status
        self.vendor_code = vendor_code
        self.retry_after = retry_after


class Unreachable(ProviderError):
    """No connection could be made, or it was lost before the answer was complete."""

    retryable = True
    summary = "The provider could not be reached."


class BreakerOpen(Unreachable):
    """The provider failed too often just now, so it was not asked."""

    summary = "The provider has failed too often just now and was not asked."


class TimedOut(ProviderError):
    """The provider did not answer within the time that was left."""

    code = "UPSTREAM_TIMEOUT"
    retryable = True
    summary = "The provider did not answer in time."


class RateLimited(ProviderError):
    """The provider refuses more calls for now."""

    code = "UPSTREAM_RATE_LIMITED"
    retryable = True
    summary = "The provider accepts no more calls for now."


class Broken(ProviderError):
    """The provider answered that it failed."""

    retryable = True
    summary = "The provider failed to answer."


class UnknownOutcome(ProviderError):
    """A write was sent and its answer was lost: it may have happened. It is never just sent again."""

    code = "UPSTREAM_UNKNOWN_OUTCOME"
    retryable = True
    summary = "It is not known whether the provider has carried this out."


class Garbled(ProviderError):
    """The answer could not be understood: not JSON, cut, too large, or not of the documented shape."""

    code = "UPSTREAM_INVALID_RESPONSE"
    summary = "The provider's answer could not be understood."


class Unauthorized(ProviderError):
    """The provider refused our credentials."""

    code = "UPSTREAM_UNAUTHORIZED"
    summary = "The provider refused the credentials that this server is set up with."


class NotFound(ProviderError):
    """The provider knows no such object."""

    code = "NOT_FOUND"
    summary = "The provider knows no such object."


class Rejected(ProviderError):
    """The provider refused this request."""

    code = "UPSTREAM_REJECTED"
    summary = "The provider refused the request."


class Busy(Rejected):
    """The provider refused because it is at work on the same already."""

    summary = "The provider is at work on this already."


class Unsupported(ProviderError):
    """The provider has no such function."""

    code = "UNSUPPORTED"
    summary = "The provider does not offer this."


class CallLimit(ProviderError):
    """The operation has made as many calls as its caller's operations may."""

    code = "CALL_LIMIT"
    summary = "The operation has made all the vendor calls that it may make. Ask for less at once."


Outcome: TypeAlias = T | ProviderError
"""A value for one key of a batch, or the reason why there is none. Never raised inside a batch."""


class DirectoryUnavailable(Exception):
    """Our own store of customers gave no answer; no provider is at fault, and a retry may help.

    The message says nothing of the database: neither its address nor the statement.
    """

    summary: ClassVar[str] = "The directory of customers is not available."

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.summary)
