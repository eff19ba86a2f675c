"""Webhooks, auth and search by the vendor's own SDK: what is seeded, and writes that reads must see."""

import time
from typing import Any

from formance_sdk_python.models import shared


def check_webhooks(webhooks: Any) -> None:
    """All seven operations: a receiver is made, quieted, given another secret, tried and removed."""
    endpoint = f"https://receiver.example/{time.time_ns():x}"
    wanted = shared.ConfigUser(endpoint=endpoint, event_types=["ledger.COMMITTED_TRANSACTIONS"], name="by the SDK")
    made = webhooks.insert_config(request=wanted).config_response.data
    assert (made.endpoint, made.event_types, made.active) == (endpoint, ["ledger.committed_transactions"], True)
    at = {"id": made.id}
    assert not webhooks.deactivate_config(request=at).config_response.data.active
    assert webhooks.activate_config(request=at).config_response.data.active
    other = "V0bivxRWveaoz08afqjU6Ko/jwO0Cb+3"
    change = shared.ConfigChangeSecret(secret=other)
    changed = webhooks.change_config_secret(request={**at, "config_change_secret": change}).config_response.data
    assert changed.secret == other
    assert webhooks.get_many_configs(request={"endpoint": endpoint}).configs_response.cursor.data == [changed]
    tried = webhooks.test_config(request=at).attempt_response.data
    assert (tried.config, tried.status, tried.status_code) == (changed, "success", 200)
    webhooks.delete_config(request=at)
    assert made.id not in {row.id for row in webhooks.get_many_configs(request={}).configs_response.cursor.data}


def check_auth(auth: Any) -> None:
    """All eleven operations."""
    assert auth.get_server_info().server_info.version
    known = auth.get_oidc_well_knowns().raw_response
    known.read()
    assert known.json()["token_endpoint"].endswith("/api/auth/oauth/token")
    for row in auth.list_clients().list_clients_response.data:
        assert auth.read_client(request={"client_id": row.id}).read_client_response.data == row
    users = auth.list_users().list_users_response.data
    for row in users:
        assert auth.read_user(request={"user_id": row.id}).read_user_response.data == row
    assert users
    _check_client(auth)


def _check_client(auth: Any) -> None:
    wanted = shared.CreateClientRequest(name="by the SDK", scopes=["ledger:read"], metadata={"by": "sdk"})
    made = auth.create_client(request=wanted).create_client_response.data
    assert (made.name, made.scopes, made.metadata) == ("by the SDK", ["ledger:read"], {"by": "sdk"})
    at = {"client_id": made.id}
    change = shared.UpdateClientRequest(name="changed", scopes=["ledger:read", "payments:read"])
    assert auth.update_client(request={**at, "update_client_request": change}).update_client_response.data.id == made.id
    name = shared.CreateSecretRequest(name="first", metadata={"by": "sdk"})
    secret = auth.create_secret(request={**at, "create_secret_request": name}).create_secret_response.data
    assert secret.clear.endswith(secret.last_digits)
    read = auth.read_client(request=at).read_client_response.data
    assert (read.name, [row.id for row in read.secrets]) == ("changed", [secret.id])
    auth.delete_secret(request={**at, "secret_id": secret.id})
    assert not auth.read_client(request=at).read_client_response.data.secrets
    auth.delete_client(request=at)
    assert made.id not in {row.id for row in auth.list_clients().list_clients_response.data}


def check_search(search: Any) -> None:
    """Both operations: all kinds at once, and one kind by pages."""
    assert search.searchget_server_info().server_info.version
    found = search.search(request=shared.Query(terms=["treasury"])).response.data
    assert set(found) == {"ACCOUNT", "TRANSACTION", "PAYMENT"}
    page = search.search(request=shared.Query(target="PAYMENT", page_size=5)).response.cursor
    assert (len(page.data), page.has_more, page.page_size) == (5, True, 5)
    following = search.search(request=shared.Query(cursor=page.next)).response.cursor
    assert following.total.value == page.total.value
    assert following.data != page.data
