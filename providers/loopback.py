"""Which addresses nobody but this machine can reach."""

import ipaddress


def is_loopback(host: str) -> bool:
    """True for `localhost` and for loopback addresses of both kinds."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
