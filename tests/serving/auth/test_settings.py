"""Settings of tokens: what is incomplete, contradicts itself or is not safe stops the start and names its variable."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from providers.config import Environment
from serving.app import create
from serving.auth import AuthSettings
from serving.auth.settings import Publication
from serving.settings import Settings
from tests.serving.auth.issuer import private
from tests.serving.test_settings import LIVE, refusal
from tests.tokens import AUDIENCE, ISSUER, KEY, PUBLIC_PEM, SETTINGS

URL = "https://issuer.example/keys"
PUBLISHED = {"AUTH_JWKS_URL": URL, "AUTH_ISSUER": ISSUER, "AUTH_AUDIENCE": AUDIENCE}
PRIVATE_PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def pem(key: object) -> str:
    """The public half."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize("settings", [SETTINGS, PUBLISHED], ids=["one key", "published keys"])
@pytest.mark.parametrize("more", [{}, {"HOST": "0.0.0.0"}, LIVE, {"AUTH": "jwt"}], ids=str)
def test_with_tokens_the_server_may_serve_anybody_anywhere(settings: dict[str, str], more: dict[str, str]) -> None:
    environment = Environment({**settings, **more})

    create(environment, Settings.read(environment))


@pytest.mark.parametrize("settings", [SETTINGS, PUBLISHED], ids=["one key", "published keys"])
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_what_is_missing_is_named(settings: dict[str, str], host: str) -> None:
    for missing in settings:
        said = refusal(HOST=host, **{name: value for name, value in settings.items() if name != missing})
        assert missing in said


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"AUTH": "jwt"}, "AUTH_JWKS_URL"),
        ({"AUTH": "none", **SETTINGS}, "AUTH=none"),
        ({"AUTH": "none", "AUTH_JWKS_URL": URL}, "AUTH=none"),
        ({"AUTH_JWKS_URL": URL, **SETTINGS}, "AUTH_PUBLIC_KEY"),
        ({"AUTH_ALGORITHMS": "RS256"}, "AUTH_JWKS_URL"),
        ({**PUBLISHED, "AUTH_ALGORITHMS": "HS256"}, "AUTH_ALGORITHMS"),
        ({**PUBLISHED, "AUTH_ALGORITHMS": "RS256,none"}, "AUTH_ALGORITHMS"),
        ({**PUBLISHED, "AUTH_ALGORITHMS": ", "}, "AUTH_ALGORITHMS"),
        ({**PUBLISHED, "AUTH_JWKS_REFRESH": "0"}, "AUTH_JWKS_REFRESH"),
        ({**PUBLISHED, "AUTH_JWKS_KEEP": "inf"}, "AUTH_JWKS_KEEP"),
        ({**PUBLISHED, "AUTH_JWKS_KEEP": "60"}, "AUTH_JWKS_KEEP"),
        ({**SETTINGS, "AUTH_PUBLIC_KEY": "secret"}, "AUTH_PUBLIC_KEY"),
        ({**SETTINGS, "AUTH_PUBLIC_KEY": PRIVATE_PEM}, "AUTH_PUBLIC_KEY"),
    ],
    ids=lambda value: str(sorted(value)) if isinstance(value, dict) else value,
)
def test_what_contradicts_itself_is_refused(variables: dict[str, str], named: str) -> None:
    said = refusal(**variables)

    assert named in said
    assert not {"secret", PRIVATE_PEM.splitlines()[1], URL} & set(said.split())


@pytest.mark.parametrize(
    "url",
    [
        "http://issuer.example/keys",
        "http://127.0.0.1.issuer.example/keys",
        "http://localhost.issuer.example/keys",
        "http://127.0.0.1@issuer.example/keys",
        "https://user:password@issuer.example/keys",
        "https://issuer.example/keys#fragment",
        "https://issuer.example:port/keys",
        "https://[::1/keys",
        "https:///keys",
        "https://issuer.example/a b",
        "https://issuer.example/\nkeys",
        "https://issüer.example/keys",
        "file:" + "///etc/keys",
        "ftp://127.0.0.1/keys",
        "issuer.example/keys",
    ],
)
def test_keys_come_from_a_safe_address_only(url: str) -> None:
    assert refusal(**{**PUBLISHED, "AUTH_JWKS_URL": url}).startswith("AUTH_JWKS_URL must be")


@pytest.mark.parametrize("url", [URL, "http://127.0.0.1:9/keys", "http://localhost:9", "http://[::1]:9/k?of=us"])
def test_an_address_on_this_machine_needs_no_certificate(url: str) -> None:
    settings = AuthSettings.read(Environment({**PUBLISHED, "AUTH_JWKS_URL": url}))

    assert settings is not None
    assert isinstance(settings.source, Publication)
    assert settings.source.url == url


@pytest.mark.parametrize(
    "key",
    [
        rsa.generate_private_key(65537, 1024),
        ec.generate_private_key(ec.SECP256K1()),
        ec.generate_private_key(ec.SECP224R1()),
        ed448.Ed448PrivateKey.generate(),
        dsa.generate_private_key(1024),
    ],
    ids=lambda key: type(key).__name__,
)
def test_a_key_that_is_weak_or_of_another_kind_is_refused(key: object) -> None:
    assert "AUTH_PUBLIC_KEY must be" in refusal(**{**SETTINGS, "AUTH_PUBLIC_KEY": pem(key)})


@pytest.mark.parametrize("kind", ["RSA", "EC", "Ed25519"])
def test_a_key_may_be_written_in_one_line(kind: str) -> None:
    text = pem(private(kind)).replace("\n", "\\n")

    assert AuthSettings.read(Environment({**SETTINGS, "AUTH_PUBLIC_KEY": text})) is not None


def test_a_key_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text(PUBLIC_PEM)
    variables = {name: value for name, value in SETTINGS.items() if name != "AUTH_PUBLIC_KEY"}

    settings = AuthSettings.read(Environment({**variables, "AUTH_PUBLIC_KEY_FILE": str(tmp_path / "key.pem")}))

    assert settings is not None
