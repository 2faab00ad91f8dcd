"""``free_port.py PORT``: end with a sentence where the server could not listen on this port."""

import socket
import sys


def refusal(port: str) -> str | None:
    """Why a server on this machine could not listen on the port, or None where it can."""
    if not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
        return f"PORT is a whole number from 1 to 65535, not {port!r}: make run PORT=8001"
    with socket.socket() as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind(("127.0.0.1", int(port)))
        except PermissionError:
            return f"Port {port} is for the administrator only; take another: make run PORT=8001"
        except OSError:
            return f"Port {port} is taken; stop what listens there or take another: make run PORT={int(port) + 1}"
    return None


if __name__ == "__main__":
    sys.exit(refusal(sys.argv[1]))
