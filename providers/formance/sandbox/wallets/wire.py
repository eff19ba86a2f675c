"""Accounts of the ledger as the wallets service answers them."""

import json
from collections.abc import Mapping

from providers.formance.sandbox.ledger.book import Account, Transaction, Volumes
from providers.formance.sandbox.wallets import chart


def wallet(account: Account, *, ledger: str, with_balances: bool) -> Mapping[str, object]:
    """The wallet of a main balance."""
    body: dict[str, object] = {
        "id": account.metadata[chart.ID],
        "metadata": chart.own(account),
        "name": account.metadata[chart.NAME],
        "createdAt": account.metadata[chart.CREATED_AT],
        "ledger": ledger,
    }
    if with_balances:
        body["balances"] = {chart.MAIN: {"assets": chart.assets(account)}}
    return body


def balance(account: Account, *, with_assets: bool) -> Mapping[str, object]:
    """A balance."""
    body: dict[str, object] = {
        "name": account.metadata[chart.BALANCE_NAME],
        "expiresAt": account.metadata.get(chart.EXPIRES_AT),
        "priority": int(account.metadata.get(chart.PRIORITY, 0)),
    }
    if with_assets:
        body["assets"] = chart.assets(account)
    return body


def hold(account: Account, *, with_amounts: bool) -> Mapping[str, object]:
    """A hold. What was put into its account is the original amount, what is there now the remaining one."""
    asset = account.metadata[chart.HOLD_ASSET]
    body: dict[str, object] = {
        "id": account.metadata[chart.HOLD_ID],
        "walletID": account.metadata[chart.HOLD_WALLET],
        "metadata": chart.own(account),
        "description": account.metadata[chart.HOLD_DESCRIPTION],
        "destination": json.loads(account.metadata[chart.HOLD_SUBJECT]),
        "asset": asset,
    }
    if with_amounts:
        volumes = account.volumes.get(asset, Volumes())
        body |= {"originalAmount": volumes.input, "remaining": volumes.balance}
    return body


def transaction(made: Transaction, *, ledger: str) -> Mapping[str, object]:
    """A transaction of the ledger."""
    reference = {"reference": made.reference} if made.reference else {}
    return {
        "ledger": ledger,
        "id": made.id,
        "timestamp": chart.timestamp(made.timestamp),
        "postings": [
            {"source": each.source, "destination": each.destination, "amount": each.amount, "asset": each.asset}
            for each in made.postings
        ],
        **reference,
        "metadata": made.metadata,
    }
