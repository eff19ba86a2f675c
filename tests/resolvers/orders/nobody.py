"""Global ids that are well made and name nothing."""

from uuid import UUID

from providers.domain import NodeType, Provider, Ref
from providers.formance.sandbox import ids as vendor_ids
from resolvers import ids

_KEY = {"Provider": "GENERIC", "Reference": "00000000-0000-4000-8000-000000000000"}


def _id(kind: NodeType, native: str) -> str:
    return ids.encode(Ref(kind, (native,), Provider.FORMANCE))


POOL = _id(NodeType.POOL, str(UUID(int=7)))
BANK_ACCOUNT = _id(NodeType.BANK_ACCOUNT, str(UUID(int=7)))
CONNECTOR = _id(NodeType.CONNECTOR, vendor_ids.encode(_KEY))
ACCOUNT = _id(NodeType.PAYMENT_ACCOUNT, vendor_ids.account_id(_KEY, "nobody"))
PAYMENT = _id(NodeType.PAYMENT, vendor_ids.payment_id(_KEY, reference="nothing", kind="PAY-IN"))
