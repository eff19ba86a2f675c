"""Which objects at the vendors belong to a customer, and who says so."""

from typing import Any

from tests.conftest import Graph
from tests.resolvers.asking import PERSONAS, codes, only_error, person

QUERY = """
query($id: ID!) {
  customer(id: $id) {
    links { provider kind externalId origin }
    accounts(first: 100) { nodes { __typename provider providerId } }
  }
}
"""


def origins(customer: dict[str, Any]) -> dict[str, set[str]]:
    """Who says so, by vendor."""
    found: dict[str, set[str]] = {}
    for link in customer["links"]:
        found.setdefault(link["provider"], set()).add(link["origin"])
    return found


async def test_links_lead_to_the_customers_accounts_and_to_no_others(warm: Graph) -> None:
    """An account at a payment provider or a smart account has its own link; bank accounts have their holder's."""
    for index in range(PERSONAS):
        customer = (await warm.data(QUERY, id=person(index)))["customer"]
        linked = {link["externalId"] for link in customer["links"] if link["kind"] != "CUSTOMER"}
        accounts = customer["accounts"]["nodes"]
        keys = [(link["provider"], link["kind"], link["externalId"]) for link in customer["links"]]

        assert linked == {each["providerId"] for each in accounts if each["__typename"] != "AggregatedAccount"}
        assert ("CUSTOMER" in {link["kind"] for link in customer["links"]}) is (
            "AggregatedAccount" in {each["__typename"] for each in accounts}
        )
        assert len(set(keys)) == len(keys)


async def test_stored_links_come_from_the_directory(warm: Graph) -> None:
    """A link that is stored is told once, whatever the vendors say besides."""
    customer = (await warm.data(QUERY, id=person(0)))["customer"]

    assert origins(customer) == {"FINICITY": {"DIRECTORY"}, "FORMANCE": {"DIRECTORY"}, "PLUGGY": {"DIRECTORY"}}
    assert {link["kind"] for link in customer["links"]} == {"CUSTOMER", "ACCOUNT", "SMART_ACCOUNT"}


async def test_links_that_nobody_stored_come_from_the_vendors_records(warm: Graph) -> None:
    """By username at the aggregator, by metadata at the payments server."""
    customer = (await warm.data(QUERY, id=person(2)))["customer"]

    assert origins(customer) == {"FINICITY": {"USERNAME"}, "FORMANCE": {"METADATA"}}


async def test_links_of_all_customers_are_derived_in_batches(warm: Graph) -> None:
    """One call for the metadata of all, one for each username that is not known yet."""
    answer = await warm.ask("{ customers(first: 100) { nodes { links { origin } } } }")

    assert answer.errors == []
    assert answer.by_operation()["paymentslist_accounts"] <= 4
    assert answer.by_operation()["GetCustomers"] == 10
    assert answer.by_operation().keys() == {"paymentslist_accounts", "GetCustomers"}


async def test_links_without_a_vendor_are_the_stored_ones_and_say_so(warm: Graph) -> None:
    """What could not be derived is told as a part that is missing."""
    await warm.fault("formance", "/api/payments/*", status=400, body="{}", times=100)
    answer = await warm.ask(f'{{ customer(id: "{person(2)}") {{ name links {{ origin }} }} }}')

    assert answer.data["customer"]["links"] == [{"origin": "USERNAME"}]
    assert codes(answer) == ["PARTIAL_RESULT"]
    assert only_error(answer)["path"] == ["customer", "links"]
