"""Settings: one frozen object, read once. Flags win over `COPYTASTER_*` variables, those over `copytaster.toml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import orjson
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from pipeline.errors import ConfigError
from schemas.topics import DEFAULT_PREFIX

CONFIG_FILE = "copytaster.toml"
DEFAULT_BROKERS = "127.0.0.1:9092"

_SECRETS = frozenset({"sasl_password", "ssl_password", "push_secret"})


class Settings(BaseSettings):
    """Everything that can be set. Times are seconds unless the name says otherwise."""

    model_config = SettingsConfigDict(env_prefix="COPYTASTER_", frozen=True, extra="forbid", toml_file=CONFIG_FILE)

    brokers: str = Field(DEFAULT_BROKERS, description="HOST:PORT,… of the Kafka brokers.")
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = None
    sasl_username: str | None = None
    sasl_password: SecretStr | None = Field(None, description="From the environment or the file only.")
    ssl_cafile: Path | None = Field(None, description="Certificates to trust; the system's where not set.")
    ssl_certfile: Path | None = Field(None, description="The client's own certificate.")
    ssl_keyfile: Path | None = Field(None, description="Key of the client's certificate.")
    ssl_password: SecretStr | None = Field(None, description="Of the key; from the environment or the file only.")

    prefix: str = Field(DEFAULT_PREFIX, pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$", description="Topic prefix.")
    partitions: int = Field(6, ge=1, le=10_000, description="Partitions of each topic: the most workers that share.")
    replication: int = Field(1, ge=1, le=15, description="Copies of each topic; 3 on a cluster.")
    retention_hours: float = Field(
        24 * 14, gt=0, description="How long topics that are kept by time keep their records."
    )
    tombstone_hours: float = Field(24, gt=0, description="How long compacted topics keep a tombstone.")

    tagger: Literal["trained", "rules", "spacy"] = Field(
        "trained",
        description="What finds names in English: the model that comes along, rules alone, or a spaCy pipeline.",
    )
    tagger_model: str = Field("", description="The spaCy pipeline: an installed package, or a folder.")
    aliases: Path | None = Field(
        None, description="A table of names of your own, read again when it changes; its rows win."
    )

    group: str = Field("copytaster", min_length=1, description="Consumer group of the workers.")
    source: str = Field("local", min_length=1, description="Name of the wire for items that carry none.")
    state_dir: Path = Field(Path("~/.local/state/copytaster"), description="Where commands that resume keep positions.")
    push_secret: SecretStr | None = Field(
        None, min_length=16, description="Signs what is pushed to `feed http`; from the environment or the file only."
    )
    fetch_allow: str = Field("", description="Networks and hosts, by commas, to fetch from though they are not public.")
    request_timeout: float = Field(15.0, ge=1, le=300, description="Longest wait for an answer of the broker.")
    delivery_timeout: float = Field(60.0, ge=2, le=600, description="Longest wait for an acknowledgement.")
    session_timeout: float = Field(10.0, ge=1, le=60, description="A silent worker loses its partitions after this.")
    commit_interval: float = Field(0.25, ge=0.05, le=30, description="How often delivered offsets are committed.")
    chunk_records: int = Field(50, ge=1, le=5000, description="Most raw records a worker takes at a time.")
    chunks_in_flight: int = Field(4, ge=1, le=64, description="Chunks whose delivery may be awaited at a time.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic-settings'
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the same
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, then environment, then the file in the working directory."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @field_validator("brokers")
    @classmethod
    def _addresses(cls, value: str) -> str:
        addresses = [address.strip() for address in value.split(",") if address.strip()]
        for address in addresses:
            host, colon, port = address.rpartition(":")
            if not (colon and host and port.isdigit() and 0 < int(port) < 65536):
                raise ValueError(f"{address!r} is not HOST:PORT")
        if not addresses:
            raise ValueError("no address is given; write HOST:PORT,…")
        return ",".join(addresses)

    @model_validator(mode="after")
    def _credentials(self) -> Settings:
        if self.security_protocol.startswith("SASL") and not (
            self.sasl_mechanism and self.sasl_username and self.sasl_password
        ):
            raise ValueError(
                f"security_protocol {self.security_protocol} needs sasl_mechanism, sasl_username and sasl_password"
            )
        if self.ssl_keyfile and not self.ssl_certfile:
            raise ValueError("ssl_keyfile is given without ssl_certfile")
        return self

    @model_validator(mode="after")
    def _timeouts(self) -> Settings:
        if self.delivery_timeout <= self.request_timeout:
            raise ValueError("delivery_timeout has to be longer than request_timeout, or nothing could be tried again")
        return self

    @property
    def addresses(self) -> list[str]:
        """The broker addresses one by one."""
        return self.brokers.split(",")

    @property
    def allowed(self) -> frozenset[str]:
        """The entries of `fetch_allow` one by one."""
        return frozenset(entry.strip() for entry in self.fetch_allow.split(",") if entry.strip())

    def topic(self, name: str) -> str:
        """Return the full name of a topic: prefix, dot, name."""
        return f"{self.prefix}.{name}"

    def handed_over(self) -> bytes:
        """Return all settings, secrets too, as the one line of JSON that `receive_settings` reads.

        It goes to a process of our own through a pipe, never into a file or an argument list.
        """
        values = self.model_dump(mode="json")
        for name in _SECRETS:
            secret: SecretStr | None = getattr(self, name)
            values[name] = secret.get_secret_value() if secret else None
        return orjson.dumps(values) + b"\n"


def receive_settings(line: bytes | str) -> Settings:
    """Read what `Settings.handed_over` wrote; environment and file have no say any more."""
    return Settings(**orjson.loads(line))


def load_settings(**flags: Any) -> Settings:
    """Read the settings once; flags that are None count as not given.

    Raises:
        ConfigError: a setting is unknown or wrong, or a secret came by a flag; the sentence names it.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    if leaked := _SECRETS & given.keys():
        raise ConfigError(f"{min(leaked)} comes from the environment or {CONFIG_FILE} only, never from a flag")
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "settings"
        raise ConfigError(
            f"the setting {name} is wrong: {first['msg']} (flag, COPYTASTER_{name.upper()} or {CONFIG_FILE})"
        ) from error
    except ValueError as error:
        raise ConfigError(f"{CONFIG_FILE} cannot be read: {error}") from error
