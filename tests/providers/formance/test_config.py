"""Settings: which stack, which credentials, and what is wrong by the variable's name."""

import msgspec
import pytest

from providers.config import ConfigurationError, Environment
from providers.domain import Capability, PageRequest, PaymentFilter, ProviderMode
from providers.formance import REQUIRED, Config, connect
from providers.formance.sandbox import CREDENTIALS, create
from providers.http import HttpSettings
from providers.operation import Operation
from providers.orders import MovesMoney
from providers.protocols import (
    DerivesLinks,
    ReadsAccounts,
    ReadsBalanceHistory,
    ReadsBalances,
    ReadsBankAccounts,
    ReadsConnectors,
    ReadsPayments,
    ReadsPools,
    ReadsTransfers,
)
from providers.protocols.ledger import ReadsLedgers
from providers.protocols.oauth import ReadsOAuth
from providers.protocols.reconciliation import ReadsReconciliation
from providers.protocols.search import Searches
from providers.protocols.wallets import ReadsWallets
from providers.protocols.webhook import ReadsWebhooks
from providers.protocols.workflow import ReadsWorkflows
from providers.seed import customers
from providers.telemetry import Telemetry
from providers.transport import InProcessTransport
from tests.providers.formance.conftest import NewRig

CLIENT = {"FORMANCE_CLIENT_ID": "me", "FORMANCE_CLIENT_SECRET": "hush"}


def read(**variables: str) -> Config:
    return Config.read(Environment({**CLIENT, **variables}))


@pytest.mark.parametrize(
    ("variables", "url"),
    [
        ({"FORMANCE_BASE_URL": "http://localhost/"}, "http://localhost"),
        ({"FORMANCE_ORGANIZATION": "acme-prod"}, "https://acme-prod.sandbox.formance.cloud"),
        (
            {"FORMANCE_ORGANIZATION": "acme-prod", "FORMANCE_ENVIRONMENT": "eu-west-1"},
            "https://acme-prod.eu-west-1.formance.cloud",
        ),
        (
            {"FORMANCE_ORGANIZATION": "acme-prod", "FORMANCE_ENVIRONMENT": "us-east-1"},
            "https://acme-prod.us-east-1.formance.cloud",
        ),
        ({"FORMANCE_BASE_URL": "https://own.example", "FORMANCE_ORGANIZATION": "acme"}, "https://own.example"),
    ],
)
def test_the_stack_is_found_by_its_url_or_its_organization(variables: dict[str, str], url: str) -> None:
    assert read(**variables).base_url == url


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({}, "FORMANCE_BASE_URL or FORMANCE_ORGANIZATION"),
        ({"FORMANCE_BASE_URL": "localhost"}, "FORMANCE_BASE_URL"),
        ({"FORMANCE_ORGANIZATION": "evil.example/"}, "FORMANCE_ORGANIZATION"),
        ({"FORMANCE_ORGANIZATION": "acme", "FORMANCE_ENVIRONMENT": "mars"}, "FORMANCE_ENVIRONMENT"),
        ({"FORMANCE_BASE_URL": "http://x", "FORMANCE_PAYMENTS": "v4"}, "FORMANCE_PAYMENTS"),
        ({"FORMANCE_BASE_URL": "http://x", "FORMANCE_LEDGER": "v2"}, "FORMANCE_LEDGER"),
        ({"FORMANCE_BASE_URL": "http://x", "FORMANCE_CLIENT_ID": ""}, "FORMANCE_CLIENT_ID"),
        ({"FORMANCE_BASE_URL": "http://x", "FORMANCE_CLIENT_SECRET": ""}, "FORMANCE_CLIENT_SECRET"),
    ],
)
def test_a_wrong_setting_is_named(variables: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigurationError, match=named):
        read(**variables)


def test_the_generation_may_be_pinned() -> None:
    assert read(FORMANCE_BASE_URL="http://x").payments == "auto"
    assert read(FORMANCE_BASE_URL="http://x", FORMANCE_PAYMENTS="V2").payments == "v2"
    assert read(FORMANCE_BASE_URL="http://x", FORMANCE_LEDGER="v2.4").ledger == "v2.4"
    assert read(FORMANCE_BASE_URL="http://x").ledger == "auto"


def test_the_secret_does_not_print() -> None:
    assert "hush" not in repr(read(FORMANCE_BASE_URL="http://x"))


def test_the_sandbox_takes_its_own_credentials() -> None:
    config = Config.for_sandbox()
    assert (config.client_id, config.client_secret.reveal()) == tuple(CREDENTIALS[name] for name in REQUIRED)


async def test_a_connected_provider_offers_what_it_says() -> None:
    app = create(customers(3), payments_count=10)
    provider = connect(
        Config.for_sandbox(),
        mode=ProviderMode.SANDBOX,
        transport=InProcessTransport(app),
        telemetry=Telemetry(),
        http=HttpSettings(),
    )
    powers = {
        Capability.ACCOUNTS: ReadsAccounts,
        Capability.BALANCES: ReadsBalances,
        Capability.BALANCE_HISTORY: ReadsBalanceHistory,
        Capability.PAYMENTS: ReadsPayments,
        Capability.POOLS: ReadsPools,
        Capability.CONNECTORS: ReadsConnectors,
        Capability.BANK_ACCOUNTS: ReadsBankAccounts,
        Capability.TRANSFERS: ReadsTransfers,
        Capability.RECONCILIATION: ReadsReconciliation,
        Capability.LEDGER: ReadsLedgers,
        Capability.WALLETS: ReadsWallets,
        Capability.WRITES: MovesMoney,
        Capability.LEDGER: ReadsLedgers,
        Capability.WORKFLOWS: ReadsWorkflows,
        Capability.WEBHOOKS: ReadsWebhooks,
        Capability.OAUTH: ReadsOAuth,
        Capability.SEARCH: Searches,
    }
    offered = (provider, *provider.parts)
    assert all(any(isinstance(part, power) for part in offered) for power in powers.values())
    parts = (provider, *provider.parts)
    assert all(any(isinstance(part, power) for part in parts) for power in powers.values())
    assert set(powers) == set(provider.capabilities)
    assert isinstance(provider, DerivesLinks)
    assert len(await provider.list_connectors(Operation(timeout=5))) == 10
    await provider.aclose()


async def test_lists_are_asked_for_in_pages_of_the_size_that_is_set(new_rig: NewRig) -> None:
    sizes = []
    for variables in ({}, {"FORMANCE_PAGE_SIZE": "250"}):
        largest = read(FORMANCE_BASE_URL="http://localhost", **variables).largest_page
        rig = new_rig(config=msgspec.structs.replace(Config.for_sandbox(), largest_page=largest))
        await rig.provider.list_payments((), PaymentFilter(), PageRequest("", 1000), Operation(timeout=9))
        sizes.append(rig.bench.calls[-1].query)

    assert sizes == ["pageSize=100", "pageSize=250"]
