"""Mutations of accounts and payments at payment providers."""

from tests.resolvers.orders.row import Row

ACCOUNT = "id name kind reference defaultAsset createdAt metadata connector { id }"
PAYMENT = (
    "id reference type status scheme money { amount asset minorUnits } createdAt metadata "
    "connector { id } source { id } destination { id }"
)
LARGE = "92233720368547758070.12"
"""More cents than 2**63."""

CREATE_ACCOUNT = Row(
    mutation="createPaymentAccount",
    payload=f"account {{ {ACCOUNT} }}",
    input=lambda world: {
        "connectorId": world.generic,
        "reference": "till-1",
        "name": "Till 1",
        "kind": "INTERNAL",
        "createdAt": "2026-01-02T03:04:05.678Z",
        "defaultAsset": "EUR/2",
        "metadata": {"shop": "Lisbon"},
    },
    other=lambda _world: {"name": "Till 2"},
    calls=("POST", "/api/payments/accounts"),
    holds=lambda world, payload: (
        payload["account"] | {"id": ""}
        == {
            "id": "",
            "name": "Till 1",
            "kind": "INTERNAL",
            "reference": "till-1",
            "defaultAsset": "EUR/2",
            "createdAt": "2026-01-02T03:04:05.678000Z",
            "metadata": {"shop": "Lisbon"},
            "connector": {"id": world.generic},
        }
    ),
    then=(
        f"{{ node(id: $id) {{ ... on PaymentAccount {{ {ACCOUNT} }} }} }}",
        lambda _world, payload: {"node": payload["account"]},
    ),
)
CREATE_PAYMENT = Row(
    mutation="createPayment",
    payload=f"payment {{ {PAYMENT} }}",
    input=lambda world: {
        "connectorId": world.generic,
        "reference": "receipt-1",
        "type": "PAY_IN",
        "status": "SUCCEEDED",
        "money": {"amount": LARGE, "asset": "EUR/2"},
        "scheme": "sepa credit",
        "createdAt": "2026-01-02T03:04:05Z",
        "destinationId": world.internal,
        "metadata": {"order": "7"},
    },
    other=lambda _world: {"money": {"amount": "92233720368547758070.13", "asset": "EUR/2"}},
    calls=("POST", "/api/payments/payments"),
    holds=lambda world, payload: (
        payload["payment"] | {"id": ""}
        == {
            "id": "",
            "reference": "receipt-1",
            "type": "PAY_IN",
            "status": "SUCCEEDED",
            "scheme": "sepa credit",
            "money": {"amount": LARGE, "asset": "EUR/2", "minorUnits": LARGE.replace(".", "")},
            "createdAt": "2026-01-02T03:04:05Z",
            "metadata": {"order": "7"},
            "connector": {"id": world.generic},
            "source": None,
            "destination": {"id": world.internal},
        }
    ),
    then=(
        f"{{ node(id: $id) {{ ... on Payment {{ {PAYMENT} }} }} }}",
        lambda _world, payload: {"node": payload["payment"]},
    ),
)
ANNOTATE = Row(
    mutation="updatePaymentMetadata",
    payload="payment { id metadata }",
    input=lambda world: {"paymentId": world.payment, "metadata": {"reviewed": "yes", "by": "Zoë"}},
    other=lambda _world: {"metadata": {"reviewed": "no"}},
    calls=("PATCH", "/api/payments/payments/*/metadata"),
    holds=lambda world, payload: (
        payload["payment"]["id"] == world.payment
        and {"reviewed": "yes", "by": "Zoë"}.items() <= payload["payment"]["metadata"].items()
    ),
    then=(
        "{ node(id: $id) { ... on Payment { id metadata } } }",
        lambda _world, payload: {"node": payload["payment"]},
    ),
    has_body=False,
)

ROWS = (CREATE_ACCOUNT, CREATE_PAYMENT, ANNOTATE)
