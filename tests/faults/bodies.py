"""Answers of the vendors with an amount of the test's choice, for the objects that a customer really has."""


def finicity(amount: str, *, currency: str = "USD", kind: str = "checking") -> str:
    """`GetCustomerAccounts` with one account."""
    return (
        f'{{"accounts": [{{"id": "77", "type": "{kind}", "status": "active", "currency": "{currency}", '
        f'"balance": {amount}, "balanceDate": 1790000000, "detail": {{"availableBalanceAmount": {amount}, '
        f'"creditAvailableAmount": {amount}, "currentBalance": {amount}}}}}]}}'
    )


def pluggy(amount: str) -> str:
    """`smart_account_balance_retrieve`."""
    return f'{{"balance": {amount}, "blockedBalance": {amount}, "scheduledBalance": {amount}}}'


def account_balances(amount: str, *, asset: str = "USD/2") -> str:
    """`get_account_balances`."""
    return _page(f'{{"asset": "{asset}", "balance": {amount}}}')


def payments(amount: str, *, account: str = "", asset: str = "USD/2") -> str:
    """`list_payments` with one payment from an account. `payment` is its id."""
    return _page(payment(amount, account=account, asset=asset))


def payment(amount: str, *, account: str = "", asset: str = "USD/2", id: str = "pay") -> str:
    """A payment's record."""
    return (
        f'{{"id": "{id}", "reference": "r", "connectorID": "c", "type": "PAY-IN", "status": "SUCCEEDED", '
        f'"amount": {amount}, "initialAmount": {amount}, "asset": "{asset}", "sourceAccountID": "{account}", '
        f'"adjustments": [{{"status": "SUCCEEDED", "amount": {amount}}}]}}'
    )


def pool_balances(amount: str, *, asset: str = "USD/2") -> str:
    """`get_pool_balances_latest`."""
    return f'{{"data": [{{"asset": "{asset}", "amount": {amount}}}]}}'


def empty_page(amount: str) -> str:
    """A list that has no amounts: the number stands where nobody reads."""
    return _page(f'{{"x": {amount}}}')


def smart_account(amount: str) -> str:
    """A smart account, and a page of them, that has no amounts: the number stands where nobody reads."""
    return f'{{"id": "x", "results": [], "x": {amount}}}'


def _page(row: str) -> str:
    return f'{{"cursor": {{"data": [{row}], "hasMore": false}}}}'
