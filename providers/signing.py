"""Our credential on requests. Most have the same headers as the one before, so these are written once for all."""

from collections.abc import Mapping

import msgspec

from providers.endpoint import Request
from providers.letter import Headers
from providers.tracing import Trace


def traced(headers: Headers, trace: Trace, span: str) -> Headers:
    """The headers, and where in a trace the call belongs."""
    state = {"tracestate": trace.state} if trace.state else {}
    return Headers({**headers.fields, "traceparent": trace.header(span), **state})


class Signing:
    """Of one vendor's requests. `usual` are the headers of all of them."""

    def __init__(self, usual: Headers) -> None:
        self.usual = usual
        self._last: tuple[Mapping[str, str], Headers] = {}, usual
        """The last authentication of a request without headers of its own, and all that it was sent with."""

    def extended(self, headers: Mapping[str, str]) -> Headers:
        """The usual headers and these."""
        return Headers({**self.usual.fields, **headers})

    def signed(self, request: Request, authentication: Mapping[str, str]) -> Request:
        """The request with its authentication."""
        if not authentication:
            return request
        if request.headers is not self.usual:
            headers = Headers({**request.headers.fields, **authentication})
        else:
            known, headers = self._last
            if known != authentication:
                headers = self.extended(authentication)
                self._last = authentication, headers
        return msgspec.structs.replace(request, headers=headers)
