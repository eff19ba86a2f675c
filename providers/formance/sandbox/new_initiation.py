"""A request for a transfer into the record of it, with all that each generation looks at first."""

from datetime import datetime

from providers.formance.sandbox import ids
from providers.formance.sandbox.bodies import NewInitiation
from providers.formance.sandbox.configs import provider_named
from providers.formance.sandbox.errors import RefusedError, invalid
from providers.formance.sandbox.records import Connector, Initiation
from providers.formance.sandbox.state import State
from providers.formance.sandbox.validation import Field, check


def made(state: State, new: NewInitiation, now: datetime) -> Initiation:
    """The initiation, without a step and not yet stored. Raises what the server says to a bad request.

    v2 looks for the accounts and at their types; v3 leaves both to its workflow.
    """
    check(
        state.generation,
        [
            Field("reference", new.reference),
            Field("sourceAccountID", new.source_account_id, kind="accountID", is_optional=True),
            Field("destinationAccountID", new.destination_account_id, kind="accountID"),
            Field("connectorID", new.connector_id, kind="connectorID", is_optional=state.generation == "v2"),
            Field("type", new.type, kind="paymentInitiationType"),
            Field("amount", new.amount),
            Field("asset", new.asset, kind="asset"),
        ],
    )
    connector = _connector(state, new)
    if state.generation == "v2":
        _check_accounts(state, new)
    reference, amount = new.reference or "", new.amount or 0
    return Initiation(
        id=ids.initiation_id(connector.key, reference),
        reference=reference,
        connector=connector,
        created_at=now,
        scheduled_at=new.scheduled_at if new.scheduled_at and new.scheduled_at.year > 1 else None,
        description=new.description or "",
        source=new.source_account_id or "",
        destination=new.destination_account_id or "",
        kind=new.type or "",
        amount=amount,
        initial_amount=amount,
        asset=new.asset or "",
        metadata=new.metadata or {},
        steps=[],
    )


def _connector(state: State, new: NewInitiation) -> Connector:
    if new.connector_id:
        found = state.connectors.get(new.connector_id)
        if found is None:
            missing = "cannot create payment initiation: connector not found: validation error"
            raise invalid(f"connector {new.connector_id} is not installed" if state.generation == "v2" else missing)
        return found
    provider = provider_named(new.provider or "")
    if provider is None:
        raise invalid(f"unknown connector provider: {new.provider or ''}")
    candidates = [connector for connector in state.connectors.values() if connector.provider == provider]
    if len(candidates) == 1:
        return candidates[0]
    raise invalid(f"{'multiple connectors' if candidates else 'no connector'} found for provider {provider}")


def _check_accounts(state: State, new: NewInitiation) -> None:
    if new.source_account_id and new.source_account_id not in state.accounts:
        raise RefusedError(404, "NOT_FOUND", "getting source account: not found")
    destination = state.accounts.get(new.destination_account_id or "")
    if destination is None:
        raise RefusedError(404, "NOT_FOUND", "getting destination account: not found")
    is_internal = destination.kind == "INTERNAL"
    if new.type == "TRANSFER" and not is_internal:
        raise invalid("destination account must be internal when doing a transfer")
    if new.type == "PAYOUT" and is_internal:
        raise invalid("destination account must be external when doing a payout")
