"""Settings: flags over environment over file, secrets never from a flag, wrong ones named in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.settings import load_settings, receive_settings


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run where no copytaster.toml lies and no variable is set."""
    monkeypatch.chdir(tmp_path)
    for name in ("BROKERS", "PREFIX", "SASL_PASSWORD"):
        monkeypatch.delenv(f"COPYTASTER_{name}", raising=False)


def test_flags_win_over_environment_and_environment_over_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The nearest hand wins: flag, then variable, then file, then default."""
    (tmp_path / "copytaster.toml").write_text('brokers = "file:1"\nprefix = "fromfile"\nsource = "file"\n')
    monkeypatch.setenv("COPYTASTER_BROKERS", "env:2")
    monkeypatch.setenv("COPYTASTER_PREFIX", "fromenv")
    settings = load_settings(brokers="flag:3")
    assert (settings.brokers, settings.prefix, settings.source) == ("flag:3", "fromenv", "file")
    assert load_settings().group == "copytaster"


def test_a_secret_never_comes_from_a_flag() -> None:
    """Process lists show flags to everybody on the machine."""
    with pytest.raises(ConfigError, match="sasl_password comes from the environment"):
        load_settings(sasl_password="hush")


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        ({"brokers": "nohost"}, "'nohost' is not HOST:PORT"),
        ({"brokers": "host:0"}, "'host:0' is not HOST:PORT"),
        ({"brokers": " , "}, "no address"),
        ({"prefix": "a b"}, "prefix"),
        ({"partitions": 0}, "partitions"),
        ({"security_protocol": "SASL_SSL"}, "needs sasl_mechanism"),
        ({"ssl_keyfile": "key.pem"}, "without ssl_certfile"),
        ({"request_timeout": 60}, "delivery_timeout has to be longer"),
        ({"push_secret": "short"}, "push_secret comes from the environment"),
        ({"unheard_of": 1}, "unheard_of"),
    ],
)
def test_a_wrong_setting_is_named(flags: dict[str, object], says: str) -> None:
    """Bad configuration stops at once with a sentence that says what to change."""
    with pytest.raises(ConfigError, match=says):
        load_settings(**flags)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    """A file that is no TOML is not silently ignored."""
    (tmp_path / "copytaster.toml").write_text("brokers = ")
    with pytest.raises(ConfigError, match=r"copytaster\.toml cannot be read"):
        load_settings()


def test_settings_reach_a_child_whole_with_their_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker gets exactly its supervisor's settings, whatever its own environment says; a print shows no secret."""
    monkeypatch.setenv("COPYTASTER_SASL_PASSWORD", "hush")
    settings = load_settings(security_protocol="SASL_PLAINTEXT", sasl_mechanism="PLAIN", sasl_username="desk")
    monkeypatch.setenv("COPYTASTER_SASL_PASSWORD", "other")
    monkeypatch.setenv("COPYTASTER_PREFIX", "other")
    assert receive_settings(settings.handed_over()) == settings
    assert "hush" not in repr(settings)
