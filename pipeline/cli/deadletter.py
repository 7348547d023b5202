"""`copytaster deadletter`: see what failed and why, and send it back."""

from __future__ import annotations

import heapq
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.console import EXIT_SOME_FAILED, say, write_line
from pipeline.cli.options import Brokers, Prefix, settings_from
from pipeline.cli.safe import safe
from pipeline.cli.table import print_lines, print_table
from pipeline.cli.tail import start_from
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.bus.deadletters import Letter, Selection

app = typer.Typer(no_args_is_help=True, help="See what failed and why; send it back.", rich_markup_mode=None)

Codes = Annotated[list[str] | None, typer.Option("--code", help="Only this error code; repeat for more.")]
Stages = Annotated[list[str] | None, typer.Option("--stage", help="Only this stage; repeat for more.")]
Since = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="TIME", help="Only failed since: an ISO time, or -2h (s, m, h, d).", show_default=False
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="One line of JSON for each.")]

_COLUMNS = ("position", "failed at", "code", "stage", "from", "sent back", "message")
_BYTES_PER_ROW = 16


@app.command("list")
def list_letters(
    *,
    code: Codes = None,
    stage: Stages = None,
    since: Since = None,
    limit: Annotated[int, typer.Option("--limit", min=0, help="The newest so many; 0 for all.")] = 50,
    brokers: Brokers = None,
    prefix: Prefix = None,
    as_json: AsJson = False,
) -> None:
    """List dead letters, oldest first, and count all that match by their code."""
    from pipeline.bus.deadletters import DeadLetters  # noqa: PLC0415 - the Kafka client is slow to load

    selection = _selection(code, stage, since)
    counts: Counter[str] = Counter()
    with DeadLetters(settings_from(brokers=brokers, prefix=prefix)) as dead:
        redriven = dead.redriven()
        found = _counted((letter for letter in dead.letters() if letter in selection), counts)
        summaries = (_summary(letter, letter.place in redriven) for letter in found)
        # Without a limit all are held; a summary holds no bytes of the item.
        newest = heapq.nlargest(limit, summaries, key=_age) if limit else sorted(summaries, key=_age)
    rows = sorted(newest, key=_age)
    if as_json:
        print_lines(rows)
        return
    print_table(_COLUMNS, [_row(row) for row in rows])
    if not counts:
        say("copytaster: no dead letters")
        return
    write_line(b"")
    print_table(["code", "count"], counts.most_common())


@app.command("show")
def show(
    position: Annotated[str, typer.Argument(metavar="POSITION", help="From the list: PARTITION/OFFSET.")],
    raw: Annotated[bool, typer.Option("--raw", help="Print the original bytes and nothing else.")] = False,
    brokers: Brokers = None,
    prefix: Prefix = None,
    as_json: AsJson = False,
) -> None:
    """Show one dead letter whole: why and where it failed, its headers and its original bytes."""
    from pipeline.bus.deadletters import DeadLetters  # noqa: PLC0415 - the Kafka client is slow to load

    place = _place(position)
    with DeadLetters(settings_from(brokers=brokers, prefix=prefix)) as dead:
        letter = dead.letter(*place)
        redriven = letter is not None and letter.place in dead.redriven()
    if letter is None:
        raise ConfigError(f"there is no dead letter at {position}; `copytaster deadletter list` names them")
    if raw:
        sys.stdout.buffer.write(letter.record.value)
    elif as_json:
        write_line(letter.record.to_json())
    else:
        _print_letter(letter, redriven)


@app.command("redrive")
def redrive(
    *,
    code: Codes = None,
    stage: Stages = None,
    since: Since = None,
    position: Annotated[
        list[str] | None, typer.Option("--id", metavar="POSITION", help="Only this one; repeat for more.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that were not sent back yet.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Also those that were sent back already.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent; send nothing.")] = False,
    brokers: Brokers = None,
    prefix: Prefix = None,
    as_json: AsJson = False,
) -> None:
    """Send dead letters back to the topic and partition they failed on, each once.

    Say which: --code, --stage, --since, --id, or --all.
    """
    from pipeline.bus.redrive import redrive as send_back  # noqa: PLC0415 - the Kafka client is slow to load

    if not (everything or code or stage or since or position):
        raise ConfigError("say which dead letters go back: --code, --stage, --since, --id, or --all")
    selection = _selection(code, stage, since, position)
    count = 0
    for letter in send_back(settings_from(brokers=brokers, prefix=prefix), selection, again=again, dry_run=dry_run):
        count += 1
        _print_sent(letter, as_json)
    say(f"copytaster: {count:,} dead letters {'would be' if dry_run else 'were'} sent back")
    if position and count < len(set(position)):
        say("copytaster: the others are not there, or were sent back already (--again)")
        sys.exit(EXIT_SOME_FAILED)


def _selection(
    codes: list[str] | None, stages: list[str] | None, since: str | None, positions: list[str] | None = None
) -> Selection:
    from pipeline.bus.deadletters import Selection  # noqa: PLC0415 - the Kafka client is slow to load

    return Selection(
        codes=frozenset(codes or ()),
        stages=frozenset(stages or ()),
        since=_moment(since) if since else None,
        places=frozenset(map(_place, positions or ())),
    )


def _moment(text: str) -> datetime:
    wrong = ConfigError(f"--since {text} is no time; write 2025-02-03T05:40Z, or -2h (s, m, h, d) for that long ago")
    try:
        found = start_from(text, datetime.now(UTC))
    except ConfigError:
        raise wrong from None
    if isinstance(found, str):
        raise wrong
    return found


def _place(position: str) -> tuple[int, int]:
    parts = position.split("/")[-2:]
    if len(parts) != 2 or not all(part.isdecimal() for part in parts):
        raise ConfigError(f"{position} is no position; write PARTITION/OFFSET as the list does, e.g. 3/17")
    return int(parts[0]), int(parts[1])


def _counted(letters: Iterator[Letter], counts: Counter[str]) -> Iterator[Letter]:
    for letter in letters:
        counts[letter.record.code] += 1
        yield letter


def _summary(letter: Letter, redriven: bool) -> dict[str, Any]:
    record = letter.record
    return {
        "position": letter.position,
        "failed_at": record.failed_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "code": record.code,
        "stage": record.stage,
        "from": f"{record.position.topic}/{record.position.partition}/{record.position.offset}",
        "redriven": redriven,
        "bytes": len(record.value),
        "message": record.message,
    }


def _age(summary: dict[str, Any]) -> str:
    return str(summary["failed_at"])


def _row(summary: dict[str, Any]) -> list[object]:
    shown: list[object] = [summary[name] for name in ("position", "failed_at", "code", "stage", "from")]
    return [*shown, "yes" if summary["redriven"] else "", summary["message"]]


def _print_sent(letter: Letter, as_json: bool) -> None:
    record = letter.record
    target = f"{record.position.topic}/{record.position.partition}"
    if as_json:
        print_lines([{"position": letter.position, "to": target, "code": record.code}])
    else:
        typer.echo(f"{letter.position} → {target}: {record.code}")


def _print_letter(letter: Letter, redriven: bool) -> None:
    record = letter.record
    facts = _summary(letter, redriven) | {"redriven": "yes" if redriven else "no"}
    for name, value in facts.items():
        typer.echo(f"{name.replace('_', ' ')}: {safe(str(value))}")
    if record.traceparent:
        typer.echo(f"traceparent: {safe(record.traceparent)}")
    typer.echo(f"key: {_inline(record.key)}")
    for header, content in record.headers:
        typer.echo(f"header {safe(header)}: {_inline(content)}")
    for title, text in (("trace", record.trace), ("value", _readable(record.value))):
        if text:
            typer.echo(f"\n{title}:")
            typer.echo("\n".join(safe(line) for line in text.split("\n")))


def _inline(content: bytes | None) -> str:
    return "(none)" if content is None else safe(content.decode("utf-8", "backslashreplace"))


def _readable(value: bytes) -> str:
    """Return text as it is, and other bytes as rows of hexadecimal and letters."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        rows = range(0, len(value), _BYTES_PER_ROW)
        return "\n".join(f"{start:08x}  {_hexadecimal(value[start : start + _BYTES_PER_ROW])}" for start in rows)


def _hexadecimal(row: bytes) -> str:
    letters = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
    return f"{row.hex(' '):<{3 * _BYTES_PER_ROW}} {letters}"
