"""The words for payment schemes: those that v1 answers with, and those that v3 stores and filters by."""

SCHEMES = (
    *("unknown", "other", "visa", "mastercard", "amex", "diners", "discover", "jcb", "unionpay", "alipay", "cup"),
    *("sepa debit", "sepa credit", "sepa", "apple pay", "google pay", "doku", "dragonpay", "maestro", "molpay", "a2a"),
    *("ach debit", "ach", "rtp"),
)

_STORED = {
    "visa": "CARD_VISA",
    "mastercard": "CARD_MASTERCARD",
    "amex": "CARD_AMEX",
    "diners": "CARD_DINERS",
    "discover": "CARD_DISCOVER",
    "jcb": "CARD_JCB",
    "unionpay": "CARD_UNION_PAY",
    "alipay": "CARD_ALIPAY",
    "cup": "CARD_CUP",
    "dragonpay": "DRAGON_PAY",
    "molpay": "MOL_PAY",
}
"""What v3 stores where it is not the answer's word in upper case with underscores."""


def stored_scheme(scheme: str) -> str:
    """The word that v3 stores and filters by, for the one that it answers with."""
    return _STORED.get(scheme, scheme.upper().replace(" ", "_"))


def answered_scheme(word: str) -> str:
    """The word that v1 answers with, for that one or the stored one."""
    return next((scheme for scheme in SCHEMES if word in (scheme, stored_scheme(scheme))), "unknown")
