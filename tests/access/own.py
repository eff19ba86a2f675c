"""What one person has, in the inputs of mutations that name nothing else."""

from typing import Any

from providers.domain import NodeType
from resolvers import ids
from tests.access.test_walk import connector_of
from tests.access.world import World
from tests.resolvers.asking import person

MONEY = {"amount": "1.00", "asset": "USD/2"}
NOW = "2026-01-01T00:00:00Z"
ME = person(0)
MY_NOTE = {"customer_id": "cus_0001"}


class Own:
    """The first person's things."""

    def __init__(self, world: World, bank_account: str) -> None:
        accounts = [each for each in world.all["accounts"] if each["id"] in world.mine]
        payment_accounts = [each for each in accounts if each["__typename"] == "PaymentAccount"]
        self.bank_account = bank_account
        self.account = payment_accounts[0]["id"]
        self.connector = connector_of(payment_accounts[0]["providerId"])
        self.connectors = {connector_of(each["providerId"]) for each in payment_accounts}
        self.aggregated = next(each["id"] for each in accounts if each["__typename"] == "AggregatedAccount")
        pools = [(pool["id"], {each["id"] for each in pool["accounts"]}) for pool in world.all["pools"]]
        self.pool = next(id for id, held in pools if held and held <= world.mine)
        self.shared_pool = next(id for id, held in pools if held & world.mine and not held <= world.mine)
        self.payment = next(each["id"] for each in world.all["payments"] if each["id"] in world.mine)
        self.wallet = next(each["id"] for each in world.all["wallets"] if each["id"] in world.mine)
        ends = {each["id"]: (each["destination"]["wallet"] or {}).get("id") for each in world.all["holds"]}
        self.hold = next(hold for hold, end in ends.items() if hold in world.mine and end in world.mine)
        self.shared_hold = next(hold for hold, end in ends.items() if hold in world.mine and end not in world.mine)
        self.transfer = next(each["id"] for each in world.all["transferInitiations"] if each["id"] in world.mine)

    @property
    def end(self) -> dict[str, Any]:
        """Their wallet as one that money comes from or goes to."""
        return {"wallet": {"walletId": self.wallet}}

    def inputs(self) -> dict[str, dict[str, Any]]:
        """An input for each mutation that is open to bound callers, without its key."""
        one = {"transferInitiationId": self.transfer}
        pooled = {"poolId": self.pool, "accountId": self.account}
        kept = {"bankAccountId": self.bank_account}
        ends = {"sourceId": self.account, "destinationId": self.account}
        order = {"connectorId": self.connector, "reference": "ref-1", "type": "TRANSFER", "money": MONEY, **ends}
        smart = {"email": "a@b.c", "phoneNumber": "+551", "name": "N", "taxNumber": "1", "customerId": ME}
        return {
            "createPool": {"name": "P", "accountIds": [self.account]},
            "deletePool": {"poolId": self.pool},
            "addAccountToPool": pooled,
            "removeAccountFromPool": pooled,
            "createPayment": {**order, "status": "SUCCEEDED", "scheme": "other", "createdAt": NOW},
            "updatePaymentMetadata": {"paymentId": self.payment, "metadata": {"a": "b"}},
            "createBankAccount": {
                "name": "B",
                "accountNumber": "1",
                "connectorId": self.connector,
                "metadata": MY_NOTE,
            },
            "forwardBankAccount": {**kept, "connectorId": self.connector},
            "updateBankAccountMetadata": {**kept, "metadata": {"a": "b"}},
            "createTransferInitiation": order,
            "validateTransferInitiation": one,
            "rejectTransferInitiation": one,
            "retryTransferInitiation": one,
            "deleteTransferInitiation": one,
            "reverseTransferInitiation": {**one, "reference": "r", "money": MONEY},
            "refreshAccounts": {"customerId": ME},
            "createWallet": {"name": "W", "metadata": MY_NOTE},
            "updateWallet": {"walletId": self.wallet, "metadata": {"a": "b"}},
            "createWalletBalance": {"walletId": self.wallet, "name": "extra"},
            "creditWallet": {"walletId": self.wallet, "money": MONEY, "sources": [self.end]},
            "debitWallet": {"walletId": self.wallet, "money": MONEY, "destination": self.end},
            "confirmHold": {"holdId": self.hold},
            "voidHold": {"holdId": self.hold},
            "deleteAccount": {"accountId": self.aggregated},
            "deleteInstitutionLogin": {"customerId": ME, "institutionLoginId": "1"},
            "createSmartAccount": {**smart, "address": {"city": "A", "state": "SP"}},
        }

    def foreign(self, world: World, mutation: str, field: str) -> list[str]:
        """Others' objects that an input's field can name."""
        root = {"sourceId": "accounts", "destinationId": "accounts", "accountIds": "accounts"}.get(
            field, field.removesuffix("Id") + "s"
        )
        found = [each for each in world.foreign(root) if each not in self.connectors]
        if root == "accounts":
            type_ = NodeType.AGGREGATED_ACCOUNT if mutation == "deleteAccount" else NodeType.PAYMENT_ACCOUNT
            found = [each for each in found if ids.decode(each).type is type_]
        return found[:: max(1, len(found) // 4)]
