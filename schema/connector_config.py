"""What each kind of connector must be told when it is installed."""

from typing import Any

import strawberry

from schema.fields import described

_API_KEY = "Secret: the key of the payment provider's API."
_ENDPOINT = "The address of the payment provider's API."


def _optional(description: str) -> Any:  # noqa: ANN401 - fits any field
    return described(f"{description} The stack's default holds when omitted.", default=None)


def _one(name: str) -> Any:  # noqa: ANN401 - fits any field
    return described(f"For a connector to {name}.", default=strawberry.UNSET)


@strawberry.input(description="The settings of a connector to Stripe.")
class StripeConfigInput:
    """GraphQL `StripeConfigInput`."""

    api_key: str = described(_API_KEY)
    page_size: int | None = _optional("How many records are read at once.")


@strawberry.input(description="The settings of a connector that reads made-up accounts and payments from files.")
class DummyPayConfigInput:
    """GraphQL `DummyPayConfigInput`."""

    directory: str = described("The directory with the files, at the stack.")
    file_polling_seconds: int | None = _optional("Seconds between two looks for new files.")
    prefix_file_to_ingest: str | None = _optional("What the names of the files begin with.")
    number_of_accounts_pre_generated: int | None = _optional("How many accounts are made up.")
    number_of_payments_pre_generated: int | None = _optional("How many payments are made up.")


@strawberry.input(description="The settings of a connector to Wise.")
class WiseConfigInput:
    """GraphQL `WiseConfigInput`."""

    api_key: str = described(_API_KEY)


@strawberry.input(description="The settings of a connector to Modulr.")
class ModulrConfigInput:
    """GraphQL `ModulrConfigInput`."""

    api_key: str = described(_API_KEY)
    api_secret: str = described("Secret: what belongs to the key.")
    endpoint: str | None = _optional(_ENDPOINT)


@strawberry.input(description="The settings of a connector to Currencycloud.")
class CurrencyCloudConfigInput:
    """GraphQL `CurrencyCloudConfigInput`."""

    api_key: str = described(_API_KEY)
    login_id: str = described("The id that the key belongs to.")
    endpoint: str | None = _optional(_ENDPOINT)


@strawberry.input(description="The settings of a connector to Banking Circle.")
class BankingCircleConfigInput:
    """GraphQL `BankingCircleConfigInput`."""

    username: str = described("The user's name.")
    password: str = described("Secret: the user's password.")
    endpoint: str = described(_ENDPOINT)
    authorization_endpoint: str = described("The address where the user is authorised.")
    user_certificate: str = described("The user's certificate, as PEM.")
    user_certificate_key: str = described("Secret: the certificate's private key, as PEM.")


@strawberry.input(description="The settings of a connector to Mangopay.")
class MangopayConfigInput:
    """GraphQL `MangopayConfigInput`."""

    client_id: str = described("The id that the key belongs to.")
    api_key: str = described(_API_KEY)
    endpoint: str = described(_ENDPOINT)


@strawberry.input(description="The settings of a connector to Moneycorp.")
class MoneycorpConfigInput:
    """GraphQL `MoneycorpConfigInput`."""

    client_id: str = described("The id that the key belongs to.")
    api_key: str = described(_API_KEY)
    endpoint: str = described(_ENDPOINT)


@strawberry.input(description="The settings of a connector to Atlar.")
class AtlarConfigInput:
    """GraphQL `AtlarConfigInput`."""

    access_key: str = described("Secret: the access key.")
    secret: str = described("Secret: what belongs to the access key.")
    base_url: str | None = _optional(_ENDPOINT)
    transfer_initiation_status_polling_seconds: int | None = _optional(
        "Seconds between two looks at a transfer initiation that is under way."
    )
    page_size: int | None = _optional("How many records are read at once.")


@strawberry.input(description="The settings of a connector to Adyen.")
class AdyenConfigInput:
    """GraphQL `AdyenConfigInput`."""

    api_key: str = described(_API_KEY)
    hmac_key: str = described("Secret: the key that Adyen signs its messages with.")
    live_endpoint_prefix: str | None = _optional("What the address of the live API begins with.")


@strawberry.input(description="The settings of a connector to any server that speaks the stack's generic protocol.")
class GenericConfigInput:
    """GraphQL `GenericConfigInput`."""

    api_key: str = described(_API_KEY)
    endpoint: str = described("The address of the server.")


@strawberry.input(one_of=True, description="The settings of one kind of connector: exactly one field is given.")
class ConnectorConfigInput:
    """GraphQL `ConnectorConfigInput`."""

    stripe: StripeConfigInput | None = _one("Stripe")
    dummy_pay: DummyPayConfigInput | None = _one("made-up payments")
    wise: WiseConfigInput | None = _one("Wise")
    modulr: ModulrConfigInput | None = _one("Modulr")
    currency_cloud: CurrencyCloudConfigInput | None = _one("Currencycloud")
    banking_circle: BankingCircleConfigInput | None = _one("Banking Circle")
    mangopay: MangopayConfigInput | None = _one("Mangopay")
    moneycorp: MoneycorpConfigInput | None = _one("Moneycorp")
    atlar: AtlarConfigInput | None = _one("Atlar")
    adyen: AdyenConfigInput | None = _one("Adyen")
    generic: GenericConfigInput | None = _one("a server of one's own")
