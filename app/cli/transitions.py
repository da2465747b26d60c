"""`flask transitions`: the table of steps as Markdown or CSV, and the README's copy of it."""

import csv
import io
from pathlib import Path

import click

from app.domain.transitions import ALL, Transition

README = Path(__file__).resolve().parent.parent.parent / "README.md"
BEGIN, END = "<!-- transitions:begin -->", "<!-- transitions:end -->"
CSV_COLUMNS = ("key", "from", "to", "role", "reason_required")
TITLES = ("Step", "Name", "From", "To", "Role", "Guards", "Clocks", "Mail", "Reason")


@click.command("transitions")
@click.option("--csv", "as_csv", is_flag=True, help="Print key,from,to,role,reason_required.")
@click.option("--readme", is_flag=True, help="Rewrite the table in README.md.")
def command(as_csv: bool, readme: bool) -> None:
    """Print every step in a dossier's life."""
    if readme:
        text = README.read_text(encoding="utf-8")
        README.write_text(with_table(text), encoding="utf-8")
    elif as_csv:
        click.echo(as_comma_separated(), nl=False)
    else:
        click.echo(as_markdown())


def as_comma_separated() -> str:
    """The columns that other programs need, in the words of the table."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for t in ALL:
        writer.writerow((t.key, _sources(t, "|"), t.target, t.role, _yes(t)))
    return out.getvalue()


def as_markdown() -> str:
    """The whole table for people."""
    lines = [TITLES, ["---"] * len(TITLES), *(_cells(t) for t in ALL)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def with_table(text: str) -> str:
    """The text with its table written anew between the markers; ClickException when it has none."""
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise click.ClickException(f"README.md has no lines {BEGIN} and {END}")
    return f"{head}{BEGIN}\n{as_markdown()}\n{END}{tail}"


def _cells(t: Transition) -> list[str]:
    clocks = [f"{effect.kind} {effect.action}" for effect in t.clocks]
    mail = [f"{effect.receiver}: {effect.template}" for effect in t.mail]
    return [
        f"`{t.key}`",
        t.label,
        _sources(t, "<br>"),
        t.target,
        t.role,
        "<br>".join(t.guards),
        "<br>".join(clocks),
        "<br>".join(mail),
        _yes(t),
    ]


def _sources(t: Transition, between: str) -> str:
    return between.join(t.sources)


def _yes(t: Transition) -> str:
    return "yes" if t.needs_reason else "no"
