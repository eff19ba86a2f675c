"""Everything that is no valid token, as it arrives in `Authorization`. Each differs in one thing from one that is."""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.serving.auth.issuer import claims, jwk, private, segment, signed
from tests.tokens import AUDIENCE, ISSUER, LEFT_OUT

RSA = {"alg": "RS256", "kid": "rsa", "typ": "JWT"}
ED = {"alg": "EdDSA", "kid": "ed", "typ": "JWT"}
EC = {"alg": "ES256", "kid": "ec", "typ": "JWT"}

KEY_IDS = {
    "unknown": "nobody",
    "a path upwards": "../../../../etc/passwd",
    "an absolute path": "/dev/null",
    "a URL": "https://attacker.example/key.json",
    "SQL": "ed' UNION SELECT 'key' --",
    "NUL": "ed\x00",
    "a shell": "$(id)|`id`;id",
    "a lone surrogate": "\ud800",
    "empty": "",
    "long": "k" * 4000,
    "a number": 1,
    "a list": ["ed"],
    "an object": {"ed": "ed"},
    "null": None,
    "another key's": "rsa",
    "in another case": "ED",
    "with a blank": "ed ",
}

CLAIMS: dict[str, dict[str, Any]] = {
    "wrong aud": {"aud": "another"},
    "no aud": {"aud": LEFT_OUT},
    "empty aud": {"aud": []},
    "null aud": {"aud": None},
    "aud of others": {"aud": ["another", "third"]},
    "aud that holds ours": {"aud": AUDIENCE + "-2"},
    "number as aud": {"aud": 5},
    "object as aud": {"aud": {AUDIENCE: True}},
    "wrong iss": {"iss": "https://attacker.example/"},
    "iss without its end": {"iss": ISSUER.rstrip("/")},
    "no iss": {"iss": LEFT_OUT},
    "list as iss": {"iss": [ISSUER]},
    "expired": {"exp": int(time.time()) - 3600},
    "no exp": {"exp": LEFT_OUT},
    "null exp": {"exp": None},
    "exp of text": {"exp": "never"},
    "exp of digits as text": {"exp": str(int(time.time()) + 86_400)},
    "exp in the year 10^22": {"exp": 10**30},
    "true as exp": {"exp": True},
    "negative exp": {"exp": -1},
    "list as exp": {"exp": [int(time.time()) + 600]},
    "not yet valid": {"nbf": int(time.time()) + 3600},
    "nbf of text": {"nbf": "now"},
    "issued in future": {"iat": int(time.time()) + 3600},
    "no sub": {"sub": LEFT_OUT},
    "empty sub": {"sub": ""},
    "null sub": {"sub": None},
    "number as sub": {"sub": 5},
    "long sub": {"sub": "s" * 256},
    "NUL in sub": {"sub": "user\x00"},
    "lone surrogate in sub": {"sub": "\ud800"},
    "number as jti": {"jti": 5},
    "number as scope": {"scope": 5},
    "null scope": {"scope": None},
    "scopes of numbers": {"scope": [1, 2]},
    "object as scope": {"scope": {"providers:read": True}},
    "null customer": {"customer": None},
    "empty customer": {"customer": ""},
    "number as customer": {"customer": 5},
    "false as customer": {"customer": False},
    "customers with null": {"customer": ["c-1", None]},
    "customers with empty": {"customer": ["c-1", ""]},
    "object as customer": {"customer": {"id": "c-1"}},
    "customers in customers": {"customer": [["c-1"]]},
    "NUL in customer": {"customer": "c-1\x00"},
    "lone surrogate in customer": {"customer": ["\udfff"]},
}

PAYLOADS = {
    "infinite exp": b'{"exp": 1e400',
    "exp of 5000 digits": b'{"exp": ' + b"9" * 5000,
    "exp of NaN": b'{"exp": NaN',
    "exp of Infinity": b'{"exp": Infinity',
}


def attacks(publisher: str) -> Iterator[tuple[str, bytes]]:
    """Name and value of each. `publisher` is the address of a server with a key of the attacker's."""
    for name, token in [*_headers(publisher), *_payloads(), *_signatures()]:
        yield name, b"Bearer " + token.encode()
    yield from _forms()


def _headers(publisher: str) -> Iterator[tuple[str, str]]:
    ours, theirs = private("Ed25519"), private("attacker")
    for name in ("none", "None", "NONE", "nOnE", ""):
        yield f"alg {name!r} without signature", f"{segment({'alg': name})}.{segment(claims())}."
        yield f"alg {name!r} with signature", signed({**ED, "alg": name}, claims(), key=ours, algorithm="EdDSA")
    for name, alg in {
        "a list": ["EdDSA"],
        "null": None,
        "another case": "eddsa",
        "a number": 1,
        "long": "E" * 3000,
    }.items():
        yield f"alg is {name}", signed({**ED, "alg": alg}, claims(), key=ours, algorithm="EdDSA")
    yield "no alg", signed({"kid": "ed"}, claims(), key=ours, algorithm="EdDSA")
    for name, secret in _secrets():
        yield f"HS256 with {name}", _by_secret({"alg": "HS256", "kid": "rsa"}, secret)
        yield f"HS512 with {name}", _by_secret({"alg": "HS512", "kid": "rsa"}, secret, "sha512")
    for name, crit in {
        "exp": ["exp"],
        "b64": ["b64"],
        "empty": [],
        "unknown": ["x"],
        "text": "exp",
        "null": None,
    }.items():
        yield f"crit of {name}", signed({**ED, "crit": crit, "b64": True, "x": 1}, claims(), key=ours)
    yield "b64 without crit", signed({**ED, "b64": False}, claims(), key=ours)
    yield "zip", signed({**ED, "zip": "DEF"}, claims(), key=ours)
    for name, kid in KEY_IDS.items():
        yield f"kid is {name}", signed({**ED, "kid": kid}, claims(), key=ours)
    for alg, header, key in (
        ("RS256", ED, "RSA"),
        ("ES256", RSA, "EC"),
        ("EdDSA", EC, "Ed25519"),
        ("PS256", RSA, "RSA"),
    ):
        yield f"{alg} with the key {header['kid']}", signed({**header, "alg": alg}, claims(), key=private(key))
    own = jwk(theirs, "rsa")
    for name, member in {"jwk": own, "jku": publisher, "x5u": publisher, "x5c": ["MIIB"]}.items():
        yield f"{name} of the attacker", signed({**RSA, name: member}, claims(), key=theirs)
        yield f"{name} of the attacker, kid unknown", signed({**RSA, "kid": "x", name: member}, claims(), key=theirs)
    for kind in ("logout+jwt", "dpop+jwt", "JWE", "", 5, None, ["JWT"]):
        yield f"typ {kind!r}", signed({**ED, "typ": kind}, claims(), key=ours)
    twice = b'{"alg": "none", "alg": "EdDSA", "kid": "ed"}'
    yield "alg twice", signed(twice, claims(), key=ours, algorithm="EdDSA")
    for name, header in _odd_json().items():
        yield f"header of {name}", signed(header, claims(), key=ours, algorithm="EdDSA")


def _payloads() -> Iterator[tuple[str, str]]:
    key = private("Ed25519")
    for name, others in CLAIMS.items():
        told = {claim: value for claim, value in claims(**others).items() if value is not LEFT_OUT}
        yield name, signed(ED, told, key=key)
    rest = json.dumps({name: value for name, value in claims().items() if name != "exp"}).encode()[1:]
    for name, start in PAYLOADS.items():
        yield name, signed(ED, start + b"," + rest, key=key)
    for name, payload in _odd_json().items():
        yield f"payload of {name}", signed(ED, payload, key=key)


def _signatures() -> Iterator[tuple[str, str]]:
    good, other = (signed(ED, claims(sub=sub), key=private("Ed25519")) for sub in ("user-1", "user-2"))
    header, payload, signature = good.split(".")
    yield "another's payload", f"{header}.{other.split('.')[1]}.{signature}"
    yield "another's signature", f"{header}.{payload}.{other.split('.')[2]}"
    yield "signature cut", f"{header}.{payload}.{signature[:-4]}"
    yield "no signature", f"{header}.{payload}."
    yield "two parts", f"{header}.{payload}"
    yield "one part", header
    yield "four parts", f"{good}.{signature}"
    yield "five parts, as if encrypted", f"{good}.{signature}.{signature}"
    yield "padded", f"{header}.{payload}.{signature}=="
    yield "not base64", f"{header}.{payload}.{signature[:-1]}!"
    yield "base64 of another alphabet", f"{header}.{payload}.{'+/' * 43}"
    yield "ES256 of zeros", f"{segment(EC)}.{segment(claims())}.{segment(bytes(64))}"
    yield "RS256 of zeros", f"{segment(RSA)}.{segment(claims())}.{segment(bytes(256))}"
    yield "RS256 of the attacker", signed(RSA, claims(), key=private("attacker"))
    yield "too long", signed(ED, claims(pad="p" * 8192), key=private("Ed25519"))
    yield "dots alone", ".."


def _forms() -> Iterator[tuple[str, bytes]]:
    good = signed(ED, claims(), key=private("Ed25519")).encode()
    yield "nothing after Bearer", b"Bearer"
    yield "Bearer twice", b"Bearer Bearer " + good
    yield "two tokens", b"Bearer " + good + b" " + good
    yield "a list", b"Bearer " + good + b", Bearer " + good
    yield "Basic", b"Basic dXNlcjpwYXNz"
    yield "another scheme", b"Token " + good
    yield "no scheme", good
    yield "no blank", b"Bearer" + good
    yield "a tab", b"Bearer\t" + good
    yield "a quote", b'Bearer "' + good + b'"'
    yield "a parameter", b"Bearer token=" + good
    yield "not ASCII", b"Bearer " + good + b"\xff\xfe"
    yield "UTF-8", "Bearer ünïcode.ünïcode.ünïcode".encode()
    yield "letters that only look alike", "\u0412earer ".encode() + good


def _odd_json() -> dict[str, bytes]:
    return {
        "nothing": b"",
        "no JSON": b"{",
        "a list": b'[{"alg": "EdDSA"}]',
        "null": b"null",
        "text": b'"EdDSA"',
        "deep lists": b"[" * 2500,
        "deep objects": b'{"alg":' * 600,
        "no UTF-8": b'{"alg": "\xff\xfe"}',
    }


def _secrets() -> Iterator[tuple[str, bytes]]:
    public = private("RSA").public_key()
    form = PublicFormat.SubjectPublicKeyInfo
    yield "the PEM", public.public_bytes(Encoding.PEM, form)
    yield "the PEM without its last line's end", public.public_bytes(Encoding.PEM, form).rstrip()
    yield "the DER", public.public_bytes(Encoding.DER, form)
    yield "the JWK", json.dumps(jwk(private("RSA"), "rsa")).encode()
    yield "nothing", b""


def _by_secret(header: dict[str, Any], secret: bytes, digest: str = "sha256") -> str:
    text = f"{segment(header)}.{segment(claims())}"
    return f"{text}.{segment(hmac.new(secret, text.encode(), getattr(hashlib, digest)).digest())}"
