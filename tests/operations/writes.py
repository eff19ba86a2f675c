"""How the operations that change pools, accounts, payments, bank accounts and smart accounts are reached."""

from tests.conftest import Graph
from tests.operations import ground
from tests.operations.row import Row, Variables, change


async def _new_pool(graph: Graph) -> Variables:
    return ground.input_(name=ground.key(), accountIds=await _accounts(graph))


async def _pool(graph: Graph) -> Variables:
    return ground.input_(poolId=await ground.pool(graph, accounts=await _accounts(graph)))


async def _outsider(graph: Graph) -> Variables:
    first, second, *_ = await _accounts(graph)
    return ground.input_(poolId=await ground.pool(graph, accounts=[first]), accountId=second)


async def _member(graph: Graph) -> Variables:
    accounts = await _accounts(graph)
    return ground.input_(poolId=await ground.pool(graph, accounts=accounts), accountId=accounts[0])


async def _accounts(graph: Graph) -> list[str]:
    return (await ground.account_ids(graph, "FORMANCE", kind="INTERNAL"))[:2]


async def _account(graph: Graph) -> Variables:
    return ground.input_(
        connectorId=await ground.connector_id(graph, "GENERIC"),
        reference=ground.key(),
        name="Till 1",
        kind="INTERNAL",
        createdAt="2026-01-02T00:00:00Z",
    )


async def _payment(graph: Graph) -> Variables:
    return ground.input_(
        connectorId=await ground.connector_id(graph, "GENERIC"),
        reference=ground.key(),
        type="PAY_IN",
        status="SUCCEEDED",
        money={"amount": "12.50", "asset": "EUR/2"},
        createdAt="2026-01-02T00:00:00Z",
    )


async def _noted_payment(graph: Graph) -> Variables:
    return ground.input_(paymentId=await ground.first_id(graph, "payments"), metadata={"reviewed": "yes"})


async def _bank_account(_graph: Graph) -> Variables:
    return ground.input_(name="Landlord", country="FR", iban="FR7630006000011234567890189")


async def _forwarded(graph: Graph) -> Variables:
    made = change("createBankAccount", "CreateBankAccountInput", "bankAccount { id }")
    payload = await ground.made(graph, made, name="Payroll", country="FR", iban="FR7630006000011234567890189")
    connector = await ground.connector_id(graph, "GENERIC")
    return ground.input_(bankAccountId=payload["bankAccount"]["id"], connectorId=connector)


async def _noted_bank_account(graph: Graph) -> Variables:
    return ground.input_(bankAccountId=await ground.first_id(graph, "bankAccounts"), metadata={"reviewed": "yes"})


async def _smart_account(_graph: Graph) -> Variables:
    return ground.input_(
        email="ada@example.com",
        phoneNumber="+5511999999999",
        address={"city": "Recife", "state": "PE"},
        name="Ada Lovelace",
        taxNumber="12345678909",
    )


POOLS = (
    Row(
        "formance.create_pool",
        "Mutation.createPool",
        change("createPool", "CreatePoolInput", "pool { id }"),
        _new_pool,
    ),
    Row(
        "formance.add_account_to_pool",
        "Mutation.addAccountToPool",
        change("addAccountToPool", "PoolAccountInput", "pool { id }"),
        _outsider,
    ),
    Row(
        "formance.remove_account_from_pool",
        "Mutation.removeAccountFromPool",
        change("removeAccountFromPool", "PoolAccountInput", "pool { id }"),
        _member,
    ),
    Row(
        "formance.delete_pool",
        "Mutation.deletePool",
        change("deletePool", "DeletePoolInput", "deletedPoolId"),
        _pool,
    ),
)

PAYMENTS = (
    Row(
        "formance.create_account",
        "Mutation.createPaymentAccount",
        change("createPaymentAccount", "CreatePaymentAccountInput", "account { id }"),
        _account,
    ),
    Row(
        "formance.create_payment",
        "Mutation.createPayment",
        change("createPayment", "CreatePaymentInput", "payment { id }"),
        _payment,
    ),
    Row(
        "formance.update_metadata",
        "Mutation.updatePaymentMetadata",
        change("updatePaymentMetadata", "UpdatePaymentMetadataInput", "payment { metadata }"),
        _noted_payment,
    ),
)

BANK_ACCOUNTS = (
    Row(
        "formance.create_bank_account",
        "Mutation.createBankAccount",
        change("createBankAccount", "CreateBankAccountInput", "bankAccount { id }"),
        _bank_account,
    ),
    Row(
        "formance.forward_bank_account",
        "Mutation.forwardBankAccount",
        change("forwardBankAccount", "ForwardBankAccountInput", "bankAccount { related { connector { id } } }"),
        _forwarded,
    ),
    Row(
        "formance.update_bank_account_metadata",
        "Mutation.updateBankAccountMetadata",
        change("updateBankAccountMetadata", "UpdateBankAccountMetadataInput", "bankAccount { metadata }"),
        _noted_bank_account,
    ),
)

SMART_ACCOUNTS = (
    Row(
        "pluggy.smart_account_create",
        "Mutation.createSmartAccount",
        change("createSmartAccount", "CreateSmartAccountInput", "account { id }"),
        _smart_account,
    ),
)
