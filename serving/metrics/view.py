"""Tells the counts in the form that was asked for."""

from prometheus_client import exposition
from starlette.requests import Request
from starlette.responses import Response

from resolvers.caller import Scope
from resolvers.screening import Refused
from serving.admission import admitted
from serving.metrics.meters import Meters
from serving.profile import Audience, Profile
from serving.refusals import refused


async def metrics(request: Request) -> Response:
    """Everything that is counted, in Prometheus' text form or in OpenMetrics."""
    meters: Meters = request.app.state.meters
    try:
        await _let_in(request)
    except Refused as refusal:
        return refused(request, refusal)
    encode, media = exposition.choose_encoder(request.headers.get("accept", ""))
    return Response(encode(meters.registry), headers={"content-type": media, "cache-control": "no-store"})


async def _let_in(request: Request) -> None:
    """Raise `Refused` unless the metrics are for everybody, or the caller's token has the scope for them."""
    state = request.app.state
    profile: Profile = state.profile
    if profile.metrics is Audience.OPEN:
        return
    given = request.headers.getlist("authorization")
    address = request.client.host if request.client else ""
    caller = await admitted(", ".join(given) if given else None, address, callers=state.callers, rates=state.rates)
    if not profile.may_measure(caller):
        raise Refused("FORBIDDEN", f"This needs the scope `{Scope.METRICS_READ}`.", status=403)
