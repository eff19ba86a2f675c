"""Every refusal of the sandbox and how each dialect of the vendor writes it: handler raises -> renderer -> body."""

from collections.abc import Awaitable, Callable
from typing import Literal

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

Dialect = Literal["1.13", "new"]
Renderer = Callable[[Request, Exception], Awaitable[Response]]

_NOT_VALID = "One or more of the fields could not be validated. Please ensure you have entered the correct data."
_NO_SESSION = "The session has expired or is invalid"


class RefusalError(Exception):
    """The vendor says no. `user_message` is only written in the dialect that has the long form."""

    def __init__(
        self, status: int, code: int, message: str, *, user_message: str | None = None, title: str | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.user_message, self.title = user_message, title


class WrongAppKeyError(RefusalError):
    """Told apart from the others since the newer dialect answers it in plain text."""

    def __init__(self) -> None:
        super().__init__(401, 10001, "Invalid credentials")


def missing_app_key() -> RefusalError:
    """No `Finicity-App-Key` header."""
    return RefusalError(401, 10026, "Missing parameter (Finicity-App-Key)")


def token_trouble(kind: Literal["missing", "invalid", "expired"], *, dialect: Dialect) -> RefusalError:
    """The older dialect has one answer for all three kinds; the newer one has a code for each."""
    if dialect == "1.13":
        return RefusalError(401, 10022, "Invalid authorization credentials", user_message=_NO_SESSION)
    code, word = {
        "missing": (10024, "Missing parameter"),
        "invalid": (10022, "Invalid"),
        "expired": (10023, "Expired"),
    }[kind]
    return RefusalError(401, code, f"{word} (Finicity-App-Token)")


def wrong_secret() -> RefusalError:
    """Partner id or secret refused. A locked partner gets the same: the vendor documents no other answer."""
    return RefusalError(401, 10001, "Invalid credentials")


def missing_field(name: str, *, dialect: Dialect) -> RefusalError:
    """A field that the request body must have."""
    if dialect == "1.13":
        return RefusalError(400, 10010, f'"{name}" is required', user_message=_NOT_VALID)
    return RefusalError(400, 10005, f"Missing parameter ({name})")


def bad_request(why: str = "") -> RefusalError:
    """The vendor's generic 400."""
    return RefusalError(400, 14020, f"Bad request. ({why})." if why else "Bad request.")


def bad_customer_id(value: str) -> RefusalError:
    """Customer ids are digits."""
    return RefusalError(400, 14023, f"Invalid customer id. customerId = ({value})")


def no_customer() -> RefusalError:
    """The customer is not this partner's."""
    return RefusalError(404, 14001, "Customer not found.")


def no_account(customer_id: str, account_id: str) -> RefusalError:
    """The customer lacks that account."""
    message = f"customer does not have given account (customerId = {customer_id}, accountId = [{account_id}])"
    return RefusalError(404, 38003, message)


def nothing_at_institution(institution_id: str) -> RefusalError:
    """An empty set by institution is a 404, never an empty list."""
    message = f"Customer does not have any accounts associated with institutionId = ({institution_id})"
    return RefusalError(404, 38006, message)


def nothing_at_login(login_id: str) -> RefusalError:
    """An empty set by institution login is a 404, also for a customer that does not exist."""
    message = f"Customer does not have any accounts associated with institutionLoginId = ({login_id})"
    return RefusalError(404, 38007, message, user_message=message, title="Connecting accounts error")


def aggregation(code: int, message: str) -> RefusalError:
    """An aggregation status code that came up during a call: always a 500, though nothing is wrong with the server."""
    return RefusalError(500, code, message)


def renderer(dialect: Dialect) -> Renderer:
    """Writes a `RefusalError` the way `dialect` does."""

    async def render(_request: Request, error: Exception) -> Response:
        if not isinstance(error, RefusalError):
            raise error
        if isinstance(error, WrongAppKeyError) and dialect == "new":
            return PlainTextResponse("Invalid (Finicity-App-Key)", status_code=401)
        return Response(msgspec.json.encode(body(error, dialect)), error.status, media_type="application/json")

    return render


def no_such_resource(dialect: Dialect) -> Renderer:
    """A path or method that the sandbox does not serve, in the vendor's own error shape.

    The vendor documents no 405, so a method that a path lacks is a resource that is not there.
    """

    async def render(_request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        refusal = RefusalError(404 if status == 405 else status, 14001, "Resource not found.")
        content = msgspec.json.encode(body(refusal, dialect))
        return Response(content, refusal.status, media_type="application/json")

    return render


def body(error: RefusalError, dialect: Dialect) -> dict[str, object]:
    """Older dialect: a long form with the code as a string, a short one with it as a number. Newer: always a string."""
    if dialect == "new":
        return {"code": str(error.code), "message": error.message}
    if error.user_message is None:
        return {"code": error.code, "message": error.message}
    long = {"code": str(error.code), "status": str(error.status), "message": error.message}
    extra = {"title": error.title, "level": "error"} if error.title else {}
    return {**long, **extra, "user_message": error.user_message, "tags": ""}
