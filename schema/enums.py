"""The domain's enums as GraphQL enums. A word that a vendor newly invents becomes UNKNOWN or OTHER."""

from collections.abc import Mapping
from enum import EnumMeta

import strawberry

from providers import domain
from resolvers.problems import ProblemCode

ENUMS: tuple[tuple[EnumMeta, str, Mapping[str, str]], ...] = (
    (
        domain.Provider,
        "A vendor behind the graph.",
        {
            "FINICITY": "Finicity (Mastercard Open Finance): bank accounts in the United States.",
            "PLUGGY": "Pluggy: smart accounts in Brazil.",
            "FORMANCE": "Formance: accounts, payments and pools at payment providers.",
        },
    ),
    (
        domain.ProviderMode,
        "What stands behind a provider.",
        {
            "LIVE": "The vendor itself, with the credentials that this server is set up with.",
            "SANDBOX": "A built-in imitation of the vendor with made-up data.",
            "OFF": "Nothing: the provider is not set up.",
        },
    ),
    (
        domain.ProviderHealth,
        "Whether a provider answered when it was last asked.",
        {
            "UP": "It answered.",
            "DOWN": "It did not answer, or refused this server's credentials.",
            "UNKNOWN": "It was not asked, because it is off.",
        },
    ),
    (
        domain.Capability,
        "Something that a provider can be asked for.",
        {
            "CUSTOMERS": "Customers of its own.",
            "ACCOUNTS": "Accounts.",
            "BALANCES": "Current balances of accounts.",
            "BALANCE_HISTORY": "Past balances of accounts.",
            "PAYMENTS": "Payments.",
            "POOLS": "Pools and their balances.",
            "CONNECTORS": "Connectors to payment providers.",
            "BANK_ACCOUNTS": "Bank accounts to pay to.",
            "TRANSFERS": "Transfer initiations.",
            "LEDGER": "Ledgers, their accounts and transactions.",
            "WALLETS": "Wallets, their balances and holds.",
            "WORKFLOWS": "Workflows, their instances, and triggers.",
            "RECONCILIATION": "Comparisons of pools with ledgers.",
            "WEBHOOKS": "Receivers that it tells of its events.",
            "OAUTH": "Clients and users of its own stack.",
            "SEARCH": "A search through what it has. Newer servers have none.",
            "WRITES": "Changes of what it has, by mutations.",
        },
    ),
    (
        domain.LinkKind,
        "What kind of the provider's objects a link points at.",
        {
            "CUSTOMER": "A customer of the provider; all its accounts belong to the link's customer (Finicity).",
            "ACCOUNT": "One account (Formance).",
            "SMART_ACCOUNT": "One smart account (Pluggy).",
            "LEDGER_ACCOUNT": "One account of a ledger; the id is the ledger's name, `/` and the address (Formance).",
            "WALLET": "One wallet (Formance).",
        },
    ),
    (
        domain.LinkOrigin,
        "Where a link comes from.",
        {
            "DIRECTORY": "Stored in this server's directory.",
            "USERNAME": "The username of the provider's customer is the customer's id here (Finicity).",
            "METADATA": "The account's metadata names the customer under `customer_id` (Formance).",
        },
    ),
    (
        domain.AccountKind,
        "What an account is for. More kinds may be added.",
        {
            "CHECKING": "A current account for daily use.",
            "SAVINGS": "A savings account.",
            "MONEY_MARKET": "A money market account.",
            "CERTIFICATE_OF_DEPOSIT": "A deposit for a fixed term.",
            "CREDIT_CARD": "A credit card: its balance is owed.",
            "LINE_OF_CREDIT": "A line of credit: its balance is owed.",
            "LOAN": "A loan: its balance is owed.",
            "MORTGAGE": "A mortgage: its balance is owed.",
            "STUDENT_LOAN": "A student loan: its balance is owed.",
            "INVESTMENT": "An investment or brokerage account.",
            "RETIREMENT": "A retirement or pension account.",
            "EDUCATION": "Savings for education.",
            "HEALTH": "A health savings account.",
            "CRYPTOCURRENCY": "A cryptocurrency account.",
            "INTERNAL": "The organisation's own account at a payment provider.",
            "EXTERNAL": "A counterparty's account as a payment provider knows it.",
            "OTHER": "None of these; `providerType` has the provider's word.",
            "UNKNOWN": "The provider does not say.",
        },
    ),
    (
        domain.AccountStatus,
        "Whether an aggregator has finished discovering an account.",
        {
            "ACTIVE": "The account is refreshed.",
            "PENDING": "Discovery is not finished; balances may be missing.",
            "UNKNOWN": "None of these; `providerStatus` has the provider's word.",
        },
    ),
    (
        domain.BalanceKind,
        "What a balance counts.",
        {
            "CURRENT": "Everything that is there now, as the provider keeps it.",
            "CLEARED": "Booked movements only.",
            "AVAILABLE": "What can be spent, as the bank states it.",
            "AVAILABLE_CREDIT": "What can still be borrowed.",
            "BLOCKED": "Held back: there, but not to be spent.",
            "SCHEDULED": "Reserved for payments that are scheduled.",
            "TOTAL": "The sum over the accounts of a pool.",
        },
    ),
    (
        domain.BalanceSource,
        "How the provider came by a balance.",
        {
            "AGGREGATION": "Read at the bank when the account was last aggregated, usually once a day.",
            "POLLING": "Read at the payment provider when it was last polled, every few minutes.",
            "LEDGER": "From the provider's own books.",
            "SUM": "Summed by the provider over several accounts.",
        },
    ),
    (
        domain.PaymentType,
        "Which way the money of a payment goes.",
        {
            "PAY_IN": "Into an account of the organisation.",
            "PAYOUT": "Out to a counterparty.",
            "TRANSFER": "Between two accounts of the organisation.",
            "OTHER": "Something else; `providerType` has the provider's word.",
            "UNKNOWN": "The provider does not say.",
        },
    ),
    (
        domain.PaymentStatus,
        "How far a payment has come. More statuses may be added. A status that is not known is never a success.",
        {
            "PENDING": "Under way.",
            "AUTHORISED": "Authorised, not captured yet.",
            "CAPTURED": "Captured.",
            "CAPTURE_FAILED": "The capture failed.",
            "SUCCEEDED": "Done.",
            "CANCELLED": "Cancelled before it was done.",
            "FAILED": "Failed.",
            "EXPIRED": "Not completed in time.",
            "REFUNDED": "Paid back.",
            "REFUND_FAILED": "Paying back failed.",
            "REFUND_REVERSED": "A refund was taken back.",
            "AMOUNT_ADJUSTED": "The amount was changed.",
            "DISPUTED": "The payer disputes it.",
            "DISPUTE_WON": "A dispute ended in the payee's favour.",
            "DISPUTE_LOST": "A dispute ended in the payer's favour.",
            "OTHER": "Something else; `providerStatus` has the provider's word.",
            "UNKNOWN": "The provider does not say, or uses a word that is not known here.",
        },
    ),
    (
        domain.TransferType,
        "Where the money of a transfer initiation goes.",
        {
            "TRANSFER": "To another account of the organisation.",
            "PAYOUT": "Out to a counterparty.",
            "UNKNOWN": "The provider does not say.",
        },
    ),
    (
        domain.TransferStatus,
        "How far a transfer initiation has come. A status that is not known is never a success.",
        {
            "WAITING_FOR_VALIDATION": "It waits until somebody validates or rejects it.",
            "VALIDATED": "Validated, not begun yet.",
            "SCHEDULED": "It waits for its time.",
            "PROCESSING": "The payment provider works on it.",
            "PROCESSED": "Done.",
            "FAILED": "It failed, and can be tried again.",
            "REJECTED": "Somebody rejected it.",
            "RETRY_ASKED": "It failed and is tried again.",
            "REVERSAL_ASKED": "It shall be taken back.",
            "REVERSAL_PROCESSING": "The payment provider takes it back.",
            "REVERSAL_FAILED": "Taking it back failed.",
            "PARTIALLY_REVERSED": "A part of it was taken back.",
            "REVERSED": "It was taken back.",
            "UNKNOWN": "The provider uses a word that is not known here; `providerStatus` has it.",
        },
    ),
    (
        domain.RefreshStatus,
        "How far a refresh of accounts has come.",
        {
            "RUNNING": "The banks are being asked. This takes up to 180 seconds.",
            "SUCCEEDED": "Every account was read.",
            "FAILED": "At least one account could not be read; its `aggregationStatusCode` says why. A server that "
            "does not itself wait for the refresh says so early of accounts that had failed before it began.",
            "UNKNOWN": "The provider's records show no end, though more than 200 seconds have passed: it may never "
            "have begun.",
        },
    ),
    (
        domain.ConnectorTaskStatus,
        "Whether a task of a connector runs.",
        {
            "ACTIVE": "It runs.",
            "PENDING": "It has not begun.",
            "STOPPED": "It was stopped.",
            "TERMINATED": "It has come to its end.",
            "FAILED": "It failed.",
            "UNKNOWN": "The provider uses a word that is not known here; `providerStatus` has it.",
        },
    ),
    (
        domain.WalletEndType,
        "What kind of place money of a wallet comes from or goes to.",
        {
            "LEDGER_ACCOUNT": "An account of the ledger that keeps the wallets.",
            "WALLET": "A balance of a wallet.",
            "UNKNOWN": "The provider uses a word that is not known here; `providerType` has it.",
        },
    ),
    (
        domain.PoolType,
        "How a pool chooses its accounts.",
        {
            "STATIC": "Its accounts are listed.",
            "DYNAMIC": "A query chooses its accounts.",
            "UNKNOWN": "The provider does not say.",
        },
    ),
    (
        domain.WorkflowStageKind,
        "What a stage of a workflow does.",
        {
            "SEND": "It moves money between ledger accounts, wallets and payment providers.",
            "DELAY": "It waits for some time, or until a time.",
            "WAIT_EVENT": "It waits until the instance is told of an event.",
            "UPDATE": "It adds notes to a ledger account.",
            "UNKNOWN": "Something else; see `providerKind`.",
        },
    ),
    (
        domain.WorkflowStatus,
        "How far an instance of a workflow, or a part of it, has come.",
        {
            "RUNNING": "It runs or waits.",
            "TERMINATED": "It has come to its end.",
            "FAILED": "It failed or was cancelled; see `error`.",
        },
    ),
    (
        domain.WebhookAttemptStatus,
        "How a try to tell a receiver of an event ended.",
        {
            "SUCCEEDED": "The receiver took it.",
            "TO_BE_RETRIED": "The receiver did not take it, and is going to be told again.",
            "FAILED": "The receiver did not take it, and is not told again.",
            "UNKNOWN": "The provider uses a word that is not known here; `providerStatus` has it.",
        },
    ),
    (
        domain.SearchTarget,
        "What a search looks through.",
        {
            "ACCOUNT": "Accounts of ledgers.",
            "TRANSACTION": "Transactions of ledgers.",
            "PAYMENT": "Payments.",
        },
    ),
    (
        domain.ReconciliationSide,
        "Who has a number.",
        {
            "BANK": "Banks, and providers of smart accounts.",
            "PAYMENT_PROVIDER": "Payment providers.",
            "POOL": "Pools of accounts at payment providers.",
            "LEDGER": "Ledgers.",
        },
    ),
    (
        domain.ReconciliationStatus,
        "What came of comparing a pool with a ledger.",
        {
            "OK": "The pool holds what the ledger says, or more.",
            "NOT_OK": "The pool holds less than the ledger says.",
            "UNKNOWN": "A word that is not known yet; see `providerStatus`.",
        },
    ),
    (
        ProblemCode,
        "Why a provider gave no usable answer.",
        {
            "UPSTREAM_UNAVAILABLE": "It could not be reached or failed. Trying again later may help.",
            "UPSTREAM_TIMEOUT": "It did not answer in time. Trying again may help.",
            "UPSTREAM_RATE_LIMITED": "It accepts no more calls for now; see `retryAfter`.",
            "UPSTREAM_INVALID_RESPONSE": "Its answer could not be understood.",
            "UPSTREAM_UNAUTHORIZED": "It refused the credentials of this server.",
            "UPSTREAM_REJECTED": "It refused the request; see `vendorCode`.",
            "UPSTREAM_UNKNOWN_OUTCOME": "It may have carried out a write. Trying again with the same key looks it up.",
            "NOT_FOUND": "It knows no such object.",
            "UNSUPPORTED": "It has no such function.",
            "CALL_LIMIT": "It was not asked: the operation has made all the vendor calls that it may make.",
        },
    ),
    (
        domain.LedgerLogType,
        "What an entry of a ledger's log tells of. More types may be added.",
        {
            "NEW_TRANSACTION": "A transaction was made.",
            "REVERTED_TRANSACTION": "A transaction was reverted by another one.",
            "SET_METADATA": "Metadata of an account or a transaction were set.",
            "DELETE_METADATA": "Metadata of an account or a transaction were deleted.",
            "INSERTED_SCHEMA": "A schema was added to the ledger.",
            "UNKNOWN": "A type that is not known here; see `providerType`.",
        },
    ),
    (
        domain.LedgerBulkAction,
        "What one element of a bulk does.",
        {
            "CREATE_TRANSACTION": "It makes a transaction.",
            "REVERT_TRANSACTION": "It takes a transaction back.",
            "ADD_METADATA": "It adds notes to an account or a transaction.",
            "DELETE_METADATA": "It deletes a note of an account or a transaction.",
        },
    ),
)
"""Enum, its description, and one for each member."""


def register() -> None:
    """Make them GraphQL enums. Called once, before any type is declared."""
    for cls, description, values in ENUMS:
        strawberry.enum(cls, description=description)
        for value in cls.__strawberry_definition__.values:  # type: ignore[attr-defined]  # set by strawberry.enum
            value.description = values[value.name]
