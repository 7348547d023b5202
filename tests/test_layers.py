"""The rooms of the house and the doors between them: who may import whom, read off the syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Third-party libraries that live in one room each.
HOMES = {
    "kafka": ("pipeline.bus", "pipeline.embedded"),
    "faust": ("pipeline.worker",),
    "aiokafka": ("pipeline.worker",),
    "lxml": ("pipeline.parsers",),
    "fastwarc": ("pipeline.intake",),
    "aiohttp": ("pipeline.fetching", "pipeline.feeds.push"),
    "brotli": ("pipeline.inflating",),
    "prometheus_client": ("pipeline.sources",),
    "sqlite3": ("pipeline.sources", "pipeline.feeds.syndication"),
    "ftfy": ("pipeline.parsers",),
    "py3langid": ("pipeline.parsers",),
    "trafilatura": ("pipeline.parsers.web",),
    "typer": ("pipeline.cli",),
    "rich": ("pipeline.cli",),
    "pycrfsuite": ("pipeline.stages.entities",),
    "marisa_trie": ("pipeline.stages.entities",),
}

# Who opens connections to other people's servers: one room. `aiohttp.web` serves, and may be used where HOMES says.
OUTBOUND = {"urllib.request", "http.client", "ftplib", "httpx", "requests", "urllib3", "pycurl", "websockets"}
SERVING = {"aiohttp.web"}

# What each room may import of ours, beside itself. A room that is not listed here fails the test.
DOORS = {
    "schemas": (),
    "pipeline.errors": (),
    "pipeline.limits": (),
    "pipeline.embedded": (),
    "pipeline.inflating": ("pipeline.errors", "pipeline.limits"),
    "pipeline.fetching": ("pipeline.errors", "pipeline.limits", "pipeline.inflating"),
    "pipeline.settings": ("schemas", "pipeline.errors"),
    "pipeline.parsers": ("schemas", "pipeline.errors", "pipeline.limits"),
    "pipeline.stages": ("schemas", "pipeline.errors", "pipeline.limits", "pipeline.parsers"),
    "pipeline.enrich": ("schemas", "pipeline.errors", "pipeline.limits", "pipeline.stages"),
    "pipeline.intake": ("schemas", "pipeline.errors", "pipeline.limits", "pipeline.parsers", "pipeline.stages"),
    "pipeline.batch": ("schemas", "pipeline.errors", "pipeline.limits", "pipeline.enrich", "pipeline.intake"),
    "pipeline.sources": ("pipeline.errors", "pipeline.limits"),
    "pipeline.bus": ("schemas", "pipeline.errors", "pipeline.limits", "pipeline.settings"),
    "pipeline.doctor": ("schemas", "pipeline.errors", "pipeline.settings", "pipeline.bus", "pipeline.sources"),
    "pipeline.worker": (
        "schemas", "pipeline.errors", "pipeline.limits", "pipeline.settings", "pipeline.enrich", "pipeline.bus",
    ),
    "pipeline.feeds": (
        "schemas", "pipeline.errors", "pipeline.limits", "pipeline.settings", "pipeline.parsers", "pipeline.intake",
        "pipeline.bus", "pipeline.inflating", "pipeline.fetching", "pipeline.sources",
    ),
    "pipeline.demo": (
        "schemas", "pipeline.errors", "pipeline.limits", "pipeline.settings", "pipeline.intake", "pipeline.bus",
        "pipeline.feeds", "pipeline.worker",
    ),
    "pipeline.cli": ("schemas", "pipeline"),
    "pipeline.__init__": ("schemas", "pipeline.enrich", "pipeline.bus"),
    "pipeline.__main__": ("pipeline.cli",),
}  # fmt: skip

# Rooms whose functions are pure: record in, record out. No clock, no network, no environment, no chance.
PURE = ("schemas", "pipeline.parsers", "pipeline.stages", "pipeline.enrich", "pipeline.intake")
IMPURE_MODULES = {"socket", "subprocess", "random", "time", "urllib.request", "http.client", "asyncio", "threading"}
CLOCKS = {"now", "utcnow", "today"}


def _modules() -> list[tuple[str, Path]]:
    found = []
    for package in ("schemas", "pipeline"):
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 2 else parts)
            found.append((name.removesuffix(".__init__") if name == "schemas.__init__" else name, path))
    return found


MODULES = _modules()


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            assert node.module is not None
            yield node.module
            # `from pipeline import x` and `from pipeline.bus import client` name a module too.
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _inside(module: str, rooms: tuple[str, ...]) -> bool:
    return any(module == room or module.startswith(room + ".") for room in rooms)


@pytest.mark.parametrize(("name", "path"), MODULES, ids=[name for name, _ in MODULES])
def test_libraries_stay_in_their_rooms(name: str, path: Path) -> None:
    """Kafka clients, Faust, XML and the terminal are each imported in one room only."""
    for imported in _imports(path):
        homes = HOMES.get(imported.split(".")[0])
        assert homes is None or _inside(name, homes), f"{name} imports {imported}; it belongs into {homes}"


@pytest.mark.parametrize(("name", "path"), MODULES, ids=[name for name, _ in MODULES])
def test_one_room_does_outbound_http(name: str, path: Path) -> None:
    """Whatever fetches goes through `pipeline.fetching`, where addresses are judged and answers are capped."""
    if _inside(name, ("pipeline.fetching",)):
        return
    for imported in _imports(path):
        client = imported.split(".")[0] == "aiohttp" and not (
            imported == "aiohttp" or _inside(imported, tuple(SERVING))
        )
        assert imported not in OUTBOUND, f"{name} imports {imported}"
        assert not client, f"{name} imports {imported}; only pipeline.fetching is a client"
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert "aiohttp" not in {alias.name for alias in node.names}, f"{name}: write `from aiohttp import web`"


@pytest.mark.parametrize(("name", "path"), MODULES, ids=[name for name, _ in MODULES])
def test_data_flows_one_way(name: str, path: Path) -> None:
    """No room imports one that stands later in the flow."""
    room = next((room for room in sorted(DOORS, key=len, reverse=True) if _inside(name, (room,))), None)
    assert room is not None, f"{name} is a new room: say in DOORS what it may import"
    for imported in _imports(path):
        if imported.split(".")[0] in {"schemas", "pipeline"} and not _inside(imported, (room,)):
            allowed = (*DOORS[room], room)
            assert _inside(imported, allowed), f"{name} imports {imported}; {room} may import {DOORS[room]}"


@pytest.mark.parametrize(("name", "path"), [module for module in MODULES if _inside(module[0], PURE)])
def test_stages_are_pure(name: str, path: Path) -> None:
    """Stages know no clock, no network, no chance: the same input gives the same bytes, wherever it runs."""
    for imported in _imports(path):
        assert imported not in IMPURE_MODULES, f"{name} imports {imported}"
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr not in CLOCKS, f"{name}:{node.lineno} reads the clock"


@pytest.mark.parametrize(("name", "path"), [module for module in MODULES if module[0] != "pipeline.settings"])
def test_the_environment_is_read_in_one_place(name: str, path: Path) -> None:
    """Settings are read once; no other module looks at the environment."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute):
            assert node.attr not in {"environ", "getenv"}, f"{name}:{node.lineno} reads the environment"


def test_every_module_says_what_it_is() -> None:
    """Whoever opens a file reads in its first line what the room is for."""
    silent = [name for name, path in MODULES if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert not silent


def test_no_file_is_longer_than_one_room() -> None:
    """A file over 400 lines is two rooms."""
    long = {name: count for name, path in MODULES if (count := len(path.read_text().splitlines())) > 400}
    assert not long
