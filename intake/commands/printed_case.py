"""One ticket as `kiss case NUMBER show` prints it."""

import click

from core.reading.command_line.case import WholeCase
from intake.commands.printing import moment, print_facts


def print_case(found: WholeCase, zone: str) -> None:
    """Print everything on it; moments in a zone."""
    click.secho(f"{found.number}  {found.title}", bold=True)
    print_facts(
        (
            ("status", f"{found.status}, {found.priority}"),
            ("unit", f"{found.unit} ({found.unit_code}): {found.routing_reason}"),
            ("assigned to", found.assignee),
            ("reported", f"{moment(found.received_at, zone)} by {found.source}"),
            ("answer due", f"{moment(found.due_at, zone)}: {found.sla_reason}"),
            ("from", ", ".join(found.submitter.values()) or "nobody named"),
            ("rating", found.rating),
            ("possible", ", ".join(found.possible)),
        )
    )
    for message in found.messages:
        who = message.third_person or f"{message.author} {message.name or ''}".strip()
        third = " (a third person)" if message.third_person else ""
        unproven = " (sender not proven)" if message.is_unproven else ""
        label = f"{third}{unproven}{' (note)' if message.is_internal else ''}"
        click.secho(f"\n{moment(message.at, zone)}  {who}{label}", bold=True)
        click.echo("\n".join(f"  {line}" for line in message.words.splitlines()))
        if message.trimmed:
            click.echo("  trimmed:")
            click.echo("\n".join(f"  | {line}" for line in message.trimmed.splitlines()))
        for file in message.files:
            click.echo(f"  [{file}]")
    click.secho("\nHistory", bold=True)
    for event in found.events:
        who = "a third person" if event.data.get("third_person") else event.name or event.actor
        unproven = "  (sender not proven)" if event.data.get("unproven") else ""
        click.echo(f"  {moment(event.at, zone)}  {event.kind}  {who}{unproven}")
    click.secho("\nNotices", bold=True)
    for notice in found.deliveries:
        click.echo(f"  {notice.template}  {notice.channel}  {notice.audience}  {notice.status}")
    if not found.deliveries:
        click.echo("  none: nobody left an address that we can write to")
