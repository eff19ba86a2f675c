"""Q1 to Q5 in the graph's own schema. The peers answer the same texts."""

from collections.abc import Mapping
from typing import Any

from benchmarks import world

Body = dict[str, Any]
"""What is posted to `/graphql`."""

TEXTS: Mapping[str, str] = {
    "Q1": "query Q1 { __typename }",
    "Q2": """query Q2($customer: ID!) {
      customer(id: $customer) { id accounts(provider: FINICITY, first: 50) { nodes {
        providerId name maskedNumber kind providerType currency balances { kind money { amount asset } }
      } } }
    }""",
    "Q3": """query Q3($connector: ID!) {
      payments(filter: {connectorId: $connector}, first: 100) { nodes {
        providerId status money { amount asset }
        source { providerId name kind } destination { providerId name kind }
      } }
    }""",
    "Q4": """query Q4($customer: ID!) {
      customer(id: $customer) {
        id
        accounts(first: 50) { nodes {
          providerId name kind currency balances { kind money { amount asset } } ... on SmartAccount { agency number }
        } }
        pools { providerId name balances { money { amount asset } } }
      }
    }""",
    "Q5": """query Q5($connector: ID!, $first: Int = 1000) {
      payments(filter: {connectorId: $connector}, first: $first) { nodes {
        providerId reference type providerType status providerStatus scheme providerName createdAt
        money { amount asset minorUnits }
      } }
    }""",
}

WHAT = {
    "Q1": "`{ __typename }`",
    "Q2": "a customer's 20 accounts at Finicity, 8 fields and 2 balances each",
    "Q3": "100 payments, each with the accounts at both its ends (10 distinct)",
    "Q4": "the whole tree of a customer: 20 + 15 + 6 accounts and 9 pools, with all balances",
    "Q5": "1,000 payments with 12 fields each",
}


def body(question: str, index: int, *, first: int | None = None) -> Body:
    """What is asked of customer `index`. `first` is how many payments Q5 asks for, if not 1,000."""
    text = " ".join(TEXTS[question].split())
    known: dict[str, Any] = {"customer": world.customer_global_id(index), "connector": world.connector_global_id(index)}
    if first is not None:
        known["first"] = first
    variables = {name: value for name, value in known.items() if f"${name}" in text}
    return {"query": text, "operationName": question, "variables": variables}
