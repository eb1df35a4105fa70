"""`seqclf plugins`, `seqclf plugins show NAME`, `seqclf plugins check NAME`."""

from __future__ import annotations

from typing import Any

import click

from seqclf.cli.documents import print_document
from seqclf.cli.options import json_option, plugin_option
from seqclf.cli.registering import load_registry, print_sentences
from seqclf.errors import UsageError, unknown
from seqclf.plugins import SLOW_IMPORT_SECONDS, Plugin
from seqclf.plugins.loading import commands_of
from seqclf.registry import KINDS, Registry


class _Group(click.Group):
    """A group that suggests the nearest name of a command."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            raise unknown("command", f"plugins {args[0]}", map("plugins {}".format, self.commands))
        return super().resolve_command(ctx, args)


@click.group("plugins", cls=_Group, invoke_without_command=True)
@plugin_option
@json_option
@click.pass_context
def command(ctx: click.Context, plugin: tuple[str, ...], as_json: bool) -> None:
    """List the plugins: where each comes from, what it gives, what failed and why.

    With a command: show one plugin, or check that it keeps the contract.
    """
    if ctx.invoked_subcommand is None:
        _list(plugin, as_json)
    elif plugin or as_json:
        flag = "--json" if as_json else "--plugin"
        raise UsageError(
            f"{flag} stands before {ctx.invoked_subcommand}",
            hint=f"write seqclf plugins {ctx.invoked_subcommand} NAME {flag}",
        )


def _list(plugin: tuple[str, ...], as_json: bool) -> None:
    from seqclf.ui.listing import print_listing

    registry = load_registry(plugin, tolerant=True)
    given = _given(registry)
    documents = [_document(item, given.get(item.name, [])) for item in registry.plugins.all]
    print_sentences(registry.plugins.unmatched)
    if as_json:
        print_document(documents)
        return
    rows = [
        (
            item["name"],
            item["from"],
            item["status"],
            f"{item['import_ms']} ms",
            ", ".join([*item["gives"], *_events(item["hooks"]), *_commands(item["commands"])]),
            "; ".join(item["problems"]),
        )
        for item in documents
    ]
    columns = ("name", "from", "status", "import", "gives", "problems")
    print_listing(rows, columns)


def _events(hooks: list[str]) -> list[str]:
    """Name the hooks that give nothing, but are told of what happens in a run."""
    listing = {f"seqclf_{kind}s" for kind in KINDS}
    return [f"hook {hook.removeprefix('seqclf_')}" for hook in hooks if hook not in listing]


def _commands(names: list[str]) -> list[str]:
    return [f"command {name}" for name in names]


def _given(registry: Registry) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for kind in KINDS:
        for entry in registry.all(kind):
            given.setdefault(entry.plugin.name, []).append(f"{kind} {entry.name}")
    return given


def _document(plugin: Plugin, gives: list[str]) -> dict[str, Any]:
    problems = [*([plugin.error] if plugin.error else []), *plugin.problems]
    if plugin.slow:
        problems.append(f"its import takes longer than {SLOW_IMPORT_SECONDS * 1000:.0f} ms")
    return {
        "name": plugin.name,
        "from": plugin.provenance.short,
        "status": plugin.status,
        "import_ms": round(plugin.seconds * 1000),
        "hooks": plugin.hooks,
        "gives": gives,
        "commands": [point.name for point in commands_of(plugin.provenance)],
        "problems": problems,
    }


@command.command("show")
@click.argument("name", metavar="NAME_OR_FILE")
@plugin_option
@json_option
def show(name: str, plugin: tuple[str, ...], as_json: bool) -> None:
    """Show everything that is known of one plugin, and for a failure its traceback.

    NAME_OR_FILE is a plugin's or a distribution's name, or the path of a plugin file.
    """
    from seqclf.cli.plugindetails import plugin_details
    from seqclf.ui.listing import print_facts

    found = plugin_details(name, plugin)
    if as_json:
        print_document(found)
        return
    for number, details in enumerate(found):
        if number:
            click.echo()
        traceback = details.pop("traceback")
        print_facts([_fact(name, value) for name, value in details.items() if _is_told(value)])
        if traceback:
            click.echo(f"\n{traceback.rstrip()}")


def _is_told(value: Any) -> bool:
    return value not in ("", [], None)


def _fact(name: str, value: Any) -> tuple[str, str]:
    if name == "import_ms":
        return "import", f"{value} ms"
    told = ", ".join(value) if isinstance(value, list) else str(value)
    return name.replace("_", " "), told


@command.command("check")
@click.argument("name", metavar="NAME_OR_FILE")
@plugin_option
@json_option
def check(name: str, plugin: tuple[str, ...], as_json: bool) -> int:
    """Check that a plugin keeps the contract, in plain words; ends with 1 if it does not.

    NAME_OR_FILE is a plugin's or a distribution's name, or the path of a plugin file. Its
    architectures are built, trained for a step, saved and loaded; its datasets are loaded; its
    encoders, metrics and hooks are tried.
    """
    import dataclasses
    from collections import Counter

    from seqclf.checks.finding import find_plugins
    from seqclf.checks.plugin import check_found
    from seqclf.ui.checks import CheckPrinter
    from seqclf.ui.consoles import stderr_console
    from seqclf.ui.working import working

    checks = check_found(find_plugins(name, plugin))
    show_check = CheckPrinter()
    done = []
    while True:
        with working(stderr_console(), f"checking {name}"):
            found = next(checks, None)
        if found is None:
            break
        done.append(found)
        if not as_json:
            show_check(found.subject, found.sentence, found.status, found.detail)
    counts: Counter[str] = Counter(found.status for found in done)
    if as_json:
        print_document(
            {"plugin": name, "counts": counts, "checks": list(map(dataclasses.asdict, done))}
        )
    else:
        words = ("passed", "failed", "advice", "not tried")
        show_check.end(", ".join(f"{counts[word]} {word}" for word in words if counts[word]))
    return 1 if counts["failed"] else 0
