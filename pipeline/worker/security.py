"""TLS for the clients that take an SSL context."""

from __future__ import annotations

import ssl

from pipeline.errors import ConfigError
from pipeline.settings import Settings


def ssl_context(settings: Settings) -> ssl.SSLContext | None:
    """Return the context for the settings' TLS, or None where the protocol is not encrypted.

    Raises:
        ConfigError: a certificate or key cannot be read.
    """
    if not settings.security_protocol.endswith("SSL"):
        return None
    try:
        context = ssl.create_default_context(cafile=str(settings.ssl_cafile) if settings.ssl_cafile else None)
        if settings.ssl_certfile:
            password = settings.ssl_password
            context.load_cert_chain(
                str(settings.ssl_certfile),
                str(settings.ssl_keyfile) if settings.ssl_keyfile else None,
                password.get_secret_value() if password else None,
            )
    except OSError as error:
        raise ConfigError(f"the TLS files of the settings ssl_* cannot be read: {error}") from error
    return context
