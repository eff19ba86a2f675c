"""The reconciliation service: policies, and what came of comparing by them."""

import msgspec

from providers.formance.client.calls import Calls, Listing
from providers.formance.models import Created, Cursor, Data, Envelope
from providers.formance.models.reconciliation import Policy, PolicyRequest, Reconciliation, ReconciliationRequest
from providers.http import Endpoint
from providers.operation import Operation

_POLICIES_PATH = "/api/reconciliation/policies"
_RECONCILIATIONS_PATH = "/api/reconciliation/reconciliations"

LIST_POLICIES = Endpoint("list_policies", "GET", _POLICIES_PATH)
GET_POLICY = Endpoint("get_policy", "GET", _POLICIES_PATH + "/{policyID}")
CREATE_POLICY = Endpoint("create_policy", "POST", _POLICIES_PATH)
DELETE_POLICY = Endpoint("delete_policy", "DELETE", _POLICIES_PATH + "/{policyID}")
LIST_RECONCILIATIONS = Endpoint("list_reconciliations", "GET", _RECONCILIATIONS_PATH)
GET_RECONCILIATION = Endpoint("get_reconciliation", "GET", _RECONCILIATIONS_PATH + "/{reconciliationID}")
RECONCILE = Endpoint("reconcile", "POST", _POLICIES_PATH + "/{policyID}/reconciliation")

_POLICIES = msgspec.json.Decoder(Envelope[Policy])
_POLICY = msgspec.json.Decoder(Data[Policy])
_RECONCILIATIONS = msgspec.json.Decoder(Envelope[Reconciliation])
_RECONCILIATION = msgspec.json.Decoder(Data[Reconciliation])
_CREATED = msgspec.json.Decoder(Data[Created])


class ReconciliationService(Calls):
    """One method for each operation. Older servers take filters in a body alone: here, they give whole lists."""

    async def list_policies(self, listing: Listing, operation: Operation) -> Cursor[Policy]:
        """A page of policies, newest first. Filters: ledgerName, ledgerQuery, paymentsPoolID."""
        return await self._page(LIST_POLICIES, _POLICIES, listing, operation)

    async def get_policy(self, policy_id: str, operation: Operation) -> Policy:
        """One policy."""
        return await self._one(GET_POLICY, _POLICY, operation, path={"policyID": policy_id})

    async def create_policy(self, body: PolicyRequest, operation: Operation) -> str:
        """Make a policy, and give its id. Names need not be unique, and nobody looks whether the pool is there."""
        return await self._create(CREATE_POLICY, body, operation)

    async def delete_policy(self, policy_id: str, operation: Operation) -> None:
        """Delete a policy, with all that was compared by it. One that is not there is nothing."""
        await self._order(DELETE_POLICY, operation, path={"policyID": policy_id})

    async def list_reconciliations(self, listing: Listing, operation: Operation) -> Cursor[Reconciliation]:
        """A page of reconciliations, newest first. Filter: policyID."""
        return await self._page(LIST_RECONCILIATIONS, _RECONCILIATIONS, listing, operation)

    async def get_reconciliation(self, reconciliation_id: str, operation: Operation) -> Reconciliation:
        """One reconciliation."""
        path = {"reconciliationID": reconciliation_id}
        return await self._one(GET_RECONCILIATION, _RECONCILIATION, operation, path=path)

    async def reconcile(self, policy_id: str, body: ReconciliationRequest, operation: Operation) -> str:
        """Compare, and give the id of what came of it. The service asks payments and the ledger meanwhile."""
        path, content = {"policyID": policy_id}, msgspec.json.encode(body)
        return (await self._upstream.write(RECONCILE, _CREATED, operation, path=path, content=content)).data.id
