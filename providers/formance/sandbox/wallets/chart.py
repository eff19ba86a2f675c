"""How the wallets service writes wallets, balances and holds down as a ledger's accounts, and reads them there."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from providers.formance.sandbox.ledger.book import Account

LEDGER = "wallets-002"
MAIN = "main"

SPEC, PRIMARY, HOLD = "wallets/spec/type", "wallets.primary", "wallets.hold"
ID, NAME, CREATED_AT = "wallets/id", "wallets/name", "wallets/createdAt"
IS_BALANCE, BALANCE_NAME = "wallets/balances", "wallets/balances/name"
EXPIRES_AT, PRIORITY = "wallets/balances/expiresAt", "wallets/balances/priority"
HOLD_ID, HOLD_WALLET, HOLD_ASSET = "wallets/holds/id", "wallets/holds/wallet_id", "wallets/holds/asset"
HOLD_SUBJECT, HOLD_DESCRIPTION = "wallets/holds/subject", "wallets/holds/description"
DESTINATION, VOID_DESTINATION = "destination", "void_destination"
MOVE = "wallets/transaction"
CUSTOM = "wallets/custom_data_"


class Subject(msgspec.Struct, omit_defaults=True):
    """An end of a move: an account of the ledger, or a balance of a wallet."""

    type: str = ""
    identifier: str = ""
    balance: str = ""

    def address(self) -> str:
        """The account that it stands for."""
        return balance_address(self.identifier, self.balance or MAIN) if self.type == "WALLET" else self.identifier


def short(identifier: str) -> str:
    """An id as addresses spell it."""
    return identifier.replace("-", "")


def balance_address(wallet: str, name: str = MAIN) -> str:
    """The account of a wallet's balance."""
    return f"wallets:{short(wallet)}:{name}"


def hold_address(hold: str) -> str:
    """The account of a hold."""
    return f"wallets:holds:{short(hold)}"


def custom(notes: Mapping[str, str] | None) -> dict[str, str]:
    """A customer's own notes among the service's."""
    return {f"{CUSTOM}{key}": value for key, value in (notes or {}).items()}


def own(account: Account) -> dict[str, str]:
    """The customer's own notes of an account."""
    return {key.removeprefix(CUSTOM): value for key, value in account.metadata.items() if key.startswith(CUSTOM)}


def timestamp(moment: datetime) -> str:
    """A time as the service writes it."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def moment(text: str | None) -> datetime | None:
    """A time as it was written."""
    return datetime.fromisoformat(text) if text else None


def wallet_notes(wallet: str, name: str, notes: Mapping[str, str] | None, created_at: datetime) -> dict[str, str]:
    """What the main balance's account tells of its wallet."""
    return {
        SPEC: PRIMARY,
        NAME: name,
        CREATED_AT: timestamp(created_at),
        **balance_notes(wallet, MAIN),
        **custom(notes),
    }


def balance_notes(wallet: str, name: str, expires_at: datetime | None = None, priority: int = 0) -> dict[str, str]:
    """What an account tells of the balance that it is."""
    expiring = {EXPIRES_AT: timestamp(expires_at)} if expires_at else {}
    return {ID: wallet, IS_BALANCE: "true", BALANCE_NAME: name, **expiring, PRIORITY: str(priority)}


def hold_notes(
    hold: str, *, wallet: str, asset: str, subject: Subject, description: str, notes: Mapping[str, str] | None
) -> dict[str, str]:
    """What an account tells of the hold that it is."""
    return {
        SPEC: HOLD,
        HOLD_ID: hold,
        HOLD_WALLET: wallet,
        HOLD_ASSET: asset,
        HOLD_SUBJECT: msgspec.json.encode(subject).decode(),
        HOLD_DESCRIPTION: description,
        DESTINATION: json.dumps({"type": "account", "value": subject.address()}),
        VOID_DESTINATION: json.dumps({"type": "account", "value": balance_address(wallet)}),
        **custom(notes),
    }


def end_of(account: Account, key: str) -> str:
    """Where a hold's money goes."""
    value: str = json.loads(account.metadata[key])["value"]
    return value


def assets(account: Account) -> dict[str, int]:
    """What an account has."""
    return {asset: volumes.balance for asset, volumes in account.volumes.items()}


def expiry(account: Account) -> datetime | None:
    """When a balance expires."""
    return moment(account.metadata.get(EXPIRES_AT))


def is_expired(account: Account, now: datetime) -> bool:
    """Whether a balance can no longer be spent."""
    at = expiry(account)
    return at is not None and at <= now
