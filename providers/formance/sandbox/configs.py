"""What each provider's connector must be told when it is installed, and how each generation checks it."""

import re
from collections.abc import Mapping

import msgspec

from providers.formance.sandbox.errors import RefusedError, bad_body, invalid
from providers.formance.sandbox.records import Generation

Config = dict[str, str | int]

_TEXT, _LONG_TEXT, _DURATION, _COUNT = "string", "long string", "duration ns", "unsigned integer"
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
_PIECE = re.compile(r"(\d+(?:\.\d+)?)(h|ms|us|ns|m|s)")
_LEAST_POLLING = 20 * 60
"""Seconds; v3's own bound."""


class Setting(msgspec.Struct, frozen=True):
    """One entry of a config. Without a default it must be given, unless it is optional."""

    data_type: str = _TEXT
    is_required: bool = True
    default: str = ""


def _optional(data_type: str = _TEXT, default: str = "") -> Setting:
    return Setting(data_type, is_required=False, default=default)


_SETTINGS: Mapping[str, Mapping[str, Setting]] = {
    "STRIPE": {"apiKey": Setting(), "pageSize": _optional(_COUNT, "10")},
    "DUMMY-PAY": {
        "directory": Setting(),
        "filePollingPeriod": _optional(_DURATION, "10s"),
        "prefixFileToIngest": _optional(),
        "numberOfAccountsPreGenerated": _optional(_COUNT),
        "numberOfPaymentsPreGenerated": _optional(_COUNT),
    },
    "WISE": {"apiKey": Setting()},
    "MODULR": {"apiKey": Setting(), "apiSecret": Setting(), "endpoint": _optional()},
    "CURRENCY-CLOUD": {"apiKey": Setting(), "loginID": Setting(), "endpoint": _optional()},
    "BANKING-CIRCLE": {
        "username": Setting(),
        "password": Setting(),
        "endpoint": Setting(),
        "authorizationEndpoint": Setting(),
        "userCertificate": Setting(_LONG_TEXT),
        "userCertificateKey": Setting(_LONG_TEXT),
    },
    "MANGOPAY": {"clientID": Setting(), "apiKey": Setting(), "endpoint": Setting()},
    "MONEYCORP": {"clientID": Setting(), "apiKey": Setting(), "endpoint": Setting()},
    "ATLAR": {
        "accessKey": Setting(),
        "secret": Setting(),
        "baseUrl": _optional(default="https://api.atlar.com"),
        "transferInitiationStatusPollingPeriod": _optional(_DURATION, "2m0s"),
        "pageSize": _optional(_COUNT, "25"),
    },
    "ADYEN": {"apiKey": Setting(), "hmacKey": Setting(), "liveEndpointPrefix": _optional()},
    "GENERIC": {"apiKey": Setting(), "endpoint": Setting()},
}

PROVIDERS = tuple(_SETTINGS)
"""Every provider that a connector can be installed for, by its documented word."""


def provider_named(text: str) -> str | None:
    """The documented word for a provider, in whatever case it is written, with dashes or without."""
    wanted = _bare(text)
    return next((provider for provider in PROVIDERS if _bare(provider) == wanted), None)


def wire_provider(generation: Generation, provider: str) -> str:
    """The provider as the list of available configs names it."""
    return provider.lower() if generation == "v2" else _bare(provider)


def settings(generation: Generation, provider: str) -> Mapping[str, Setting]:
    """All settings of a provider's connector, those included that every connector has."""
    period = _optional(_DURATION, "2m0s" if generation == "v2" else "30m0s")
    return {"name": Setting(), "pollingPeriod": period, **_SETTINGS[provider]}


def available(generation: Generation) -> Mapping[str, object]:
    """What can be installed, and how."""
    return {
        wire_provider(generation, provider): {
            name: {"dataType": setting.data_type, "required": setting.is_required, "defaultValue": setting.default}
            for name, setting in settings(generation, provider).items()
        }
        for provider in PROVIDERS
    }


def config_wire(generation: Generation, provider: str, config: Config) -> Mapping[str, object]:
    """A config as it is read: nothing is hidden, and what was not given has its default."""
    title = "-".join(word.capitalize() for word in wire_provider(generation, provider).split("-"))
    known = settings(generation, provider)
    defaults = {name: _value(setting, setting.default) for name, setting in known.items() if setting.default}
    return {**defaults, **config, "provider": title}


def read(generation: Generation, provider: str, text: bytes) -> Config:
    """The config in a body; entries that the provider does not know are dropped. Raises what the server says."""
    try:
        given = msgspec.json.decode(text or b"{}", type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _unreadable(generation, str(error)) from error
    config: Config = {}
    for name, setting in settings(generation, provider).items():
        value = given.get(name)
        if value in (None, ""):
            if setting.is_required:
                raise _missing(generation, name)
            continue
        config[name] = _checked(generation, name, setting, value)
    return config


def _checked(generation: Generation, name: str, setting: Setting, value: object) -> str | int:
    if setting.data_type == _COUNT:
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise _unreadable(generation, f"{name} must be an unsigned integer")
        return value
    if not isinstance(value, str):
        raise _unreadable(generation, f"{name} must be a string")
    if setting.data_type == _DURATION:
        _check_duration(generation, name, value)
    return value


def _check_duration(generation: Generation, name: str, text: str) -> None:
    pieces = _PIECE.findall(text)
    if not pieces or "".join(number + unit for number, unit in pieces) != text:
        raise _unreadable(generation, f'time: invalid duration "{text}"')
    seconds = sum(float(number) * _SECONDS[unit] for number, unit in pieces)
    if generation == "v3" and name == "pollingPeriod" and seconds < _LEAST_POLLING:
        raise invalid("polling period cannot be lower than minimum of 20m0s: validation error")


def _missing(generation: Generation, name: str) -> RefusedError:
    if generation == "v2":
        return invalid(f"missing {name} from config: invalid config")
    return invalid(f"{name[0].upper()}{name[1:]} is a required field")


def _unreadable(generation: Generation, message: str) -> RefusedError:
    return bad_body(message) if generation == "v2" else invalid(f"{message}: validation error")


def _value(setting: Setting, text: str) -> str | int:
    return int(text) if setting.data_type == _COUNT else text


def _bare(provider: str) -> str:
    return provider.replace("-", "").lower()
