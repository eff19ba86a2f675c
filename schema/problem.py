"""A provider's failure as data, beside what the other providers answered."""

import strawberry

from providers.domain import Provider
from resolvers.problems import ProblemCode
from schema.fields import described


@strawberry.type(description="Why a provider gave no usable answer. It names no URL, credential or account.")
class UpstreamProblem:
    """GraphQL `UpstreamProblem`, backed by `resolvers.problems.UpstreamProblem`."""

    provider: Provider = described("Which provider.")
    operation: str = described("The vendor's own name of the operation that failed.")
    code: ProblemCode = described("The class of the failure.")
    retryable: bool = described("True when the same request may succeed later.")
    retry_after: int | None = described("Seconds to wait before trying again. Null when the provider did not say.")
    vendor_code: str | None = described("The vendor's own error code. Null when it gave none.")
    message: str = described("The failure in words, for people.")
