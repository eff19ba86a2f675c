"""The Starlette app: its routes, and what is opened at start and closed at the end."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.types import ASGIApp

from providers.config import Environment
from providers.connect import Plan, Sandboxes, connect, plan
from providers.domain import Provider, ProviderMode
from providers.errors import DirectoryUnavailable
from providers.registry import Providers
from providers.shared import Bell
from providers.telemetry import Telemetry
from resolvers.background import Background
from resolvers.context import Meter, RequestContext
from resolvers.feed import Feed, FeedLimits
from resolvers.health import Health
from schema import schema
from serving.agents.settings import AgentSettings
from serving.application import Application
from serving.auth import Callers
from serving.cost import CostRule
from serving.draining import Drain, LastAnswers
from serving.explorer import Explorer
from serving.garbage import settle
from serving.graphql import GraphQLView
from serving.guard import Guard, Turns
from serving.home import home
from serving.logs import log_call
from serving.metrics import Meters, metrics
from serving.origins import Origins
from serving.persisted import Persisted
from serving.probes import livez, readyz
from serving.profile import Audience, Profile
from serving.rates import RateLimits
from serving.refusals import failed, unrouted
from serving.request_id import RequestIds
from serving.screening import Screen
from serving.screening.introspection import Introspection
from serving.screening.limits import Limits
from serving.settings import Settings
from serving.sse import EventStreams
from serving.tracing import tracer
from serving.tracing.settings import Tracer
from serving.webhooks import Intake, WebhookView, closed, listening, subscribed
from serving.websocket import Execution, Sockets

if TYPE_CHECKING:
    from serving.agents.server import Agents

log = logging.getLogger("tributary")

GRACE = 2.0
"""Seconds beyond its vendor calls' deadline after which an operation is ended, with nothing of its data."""


def create(environment: Environment, settings: Settings, *, explorer: Explorer | None = None) -> Starlette:
    """The app for these settings. Raises `ConfigurationError`; connections are opened by its lifespan."""
    planned = plan(environment)
    settings.refuse_to_be_open(planned.modes)
    settings.refuse_to_disagree(planned)
    profile, persisted = Profile.read(environment, planned.modes), Persisted.read(environment)
    outboxes = subscribed(planned, settings)
    callers, subscriptions = Callers(settings.auth), FeedLimits.read(environment)
    meters, traces = Meters(), tracer(environment)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        providers = await _opened(planned, Telemetry([log_call, meters.call]))
        app.state.providers = providers
        app.state.health = Health(providers)
        app.state.background = Background()
        app.state.intake = Intake(providers)
        listening(outboxes, settings, app.state.intake)
        bell = Bell(providers.shared, "events") if providers.shared else None
        app.state.feed = Feed(providers.directory.events, bell, limits=subscriptions)
        app.state.callers = callers
        app.state.rates = RateLimits(settings.rates, providers.shared)
        auth = "none" if settings.auth is None else "token"
        _announce(planned.modes, {"auth": auth, **profile.told(), **persisted.told()})
        try:
            async with callers.running(), agents.running() if agents else nullcontext():
                settle()
                yield
        finally:
            await app.state.background.drain()
            await closed(outboxes.values())
            await app.state.feed.aclose()
            await providers.aclose()
            if traces is not None:
                await asyncio.to_thread(traces.close)

    explorer, limits, turns = explorer or Explorer(borrows=profile.borrows), Limits.read(environment), Turns()
    view = GraphQLView(
        operation_timeout=settings.operation_timeout,
        largest_page=settings.largest_page,
        pace=settings.pace,
        compiles=settings.compiles,
        explorer=explorer,
        # What `persisted` keeps has passed all other rules.
        screen=Screen(
            texts=[persisted.admit],
            documents=[Introspection(profile)],
            operations=[CostRule(schema._schema, settings.calls), persisted.remember],
            limits=limits,
        ),
        profile=profile,
        persisted=persisted,
        callers=callers,
        turns=turns,
    )
    drain = Drain()
    execution = Execution(
        view.context,
        persisted.resolve,
        seconds=settings.operation_timeout + GRACE,
        most=settings.limits.operations,
        errors=limits.errors,
    )
    sockets = Sockets(limits=settings.sockets, origins=settings.origins, callers=callers, execution=execution)
    streams = EventStreams(view, execution=execution, callers=callers, drain=drain, turns=turns)
    agents = _agents(settings.agents, persisted, execution)
    routes = [
        Route("/graphql", streams),
        WebSocketRoute("/graphql", sockets),
        Route("/webhooks/{vendor}", WebhookView(most_bytes=settings.limits.request_bytes, turns=turns)),
        *((Route("/", home), *explorer.routes()) if profile.explorer else ()),
        *([Route("/mcp", agents, methods=["GET", "POST", "DELETE"])] if agents else ()),
        Route("/livez", livez),
        Route("/readyz", readyz),
        *([Route("/metrics", metrics)] if profile.metrics is not Audience.OFF else ()),
        *(_sandbox_routes(planned.sandboxes) if settings.shows_sandboxes else ()),
    ]
    guard = Guard(
        streams,
        limits=settings.limits,
        seconds=settings.operation_timeout + GRACE,
        turns=turns,
        count=meters.refusal,
    )
    refusing = {HTTPException: unrouted, Exception: failed}
    middleware = [Middleware(RequestIds), Middleware(LastAnswers, drain), *_sharing(settings.origins)]
    operations: ASGIApp = guard
    for cls, args, kwargs in reversed(middleware):
        operations = cls(operations, *args, **kwargs)
    application = Application(
        operations,
        failed=failed,
        routes=routes,
        lifespan=lifespan,
        middleware=[*middleware, Middleware(guard.around)],
        exception_handlers=refusing,
    )
    kept = {"drain": drain, "outboxes": outboxes, "meters": meters, "tracer": traces, "profile": profile}
    for name, value in {**kept, "ended": _telling(meters, traces)}.items():
        setattr(application.state, name, value)
    return application


def _telling(meters: Meters, traces: Tracer | None) -> Meter:
    """Whom to tell how an operation has ended."""
    if traces is None:
        return meters.operation

    def ended(context: RequestContext, outcome: str, codes: Sequence[str]) -> None:
        meters.operation(context, outcome, codes)
        traces.end(context, outcome, codes)

    return ended


def _agents(settings: AgentSettings | None, persisted: Persisted, execution: Execution) -> "Agents | None":
    """What agents ask; None where they have no way in. Raises `ConfigurationError`."""
    if settings is None:
        return None
    # Only here: the protocol's library is large, and most servers have no agents.
    from serving.agents.server import Agents  # noqa: PLC0415
    from serving.agents.tools import tools  # noqa: PLC0415

    return Agents(tools(schema._schema, persisted.trusted, settings.writes), execution)


def _sharing(origins: Origins) -> list[Middleware]:
    """What lets pages of other sites read answers. They send no cookies: who they are stands in their token."""
    if not origins.allowed:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=sorted(origins.allowed),
            allow_methods=["GET", "POST"],
            allow_headers=["*"],
            expose_headers=["x-request-id", "retry-after", "www-authenticate"],
        )
    ]


async def _opened(planned: Plan, telemetry: Telemetry) -> Providers:
    try:
        return await connect(planned, telemetry)
    except DirectoryUnavailable:
        log.critical("cannot start: the database that DATABASE_URL names gives no answer")
        raise
    except Exception:
        log.critical("cannot start", exc_info=True)
        raise


def _sandbox_routes(stand_ins: Sandboxes) -> list[BaseRoute]:
    """The imitated vendors for any REST client, and their record; nothing when no sandbox runs."""
    if not stand_ins.apps:
        return []
    vendors = [Mount(f"/sandbox/{provider.value}", app) for provider, app in stand_ins.apps.items()]
    return [*vendors, Mount("/sandbox", stand_ins.bench.control())]


def _announce(chosen: Mapping[Provider, ProviderMode], told: Mapping[str, object]) -> None:
    imitated = [provider.value for provider, mode in chosen.items() if mode is ProviderMode.SANDBOX]
    if imitated:
        log.info("SANDBOX: made-up data, no vendor is called", extra={"sandboxes": imitated})
    log.info("providers", extra={provider.value: mode.value for provider, mode in chosen.items()})
    log.info("profile", extra=dict(told))
