"""`kiss …`: one command per thing an operator does; each module is loaded only when asked for."""

import click

from intake.channel_folders import all_facts, loaded

COMMANDS: dict[str, str] = {
    "run": "intake.commands.run:run",
    "web": "intake.commands.processes:web",
    "worker": "intake.commands.processes:worker",
    "secret": "intake.commands.secret:secret",
    "migrate": "intake.commands.migrate:migrate",
    "doctor": "intake.commands.doctor:doctor",
    "hospital": "intake.commands.hospital:hospital",
    "case": "intake.commands.case:case",
    "tickets": "intake.commands.tickets:tickets",
    "deliveries": "intake.commands.deliveries:deliveries",
    "inbound": "intake.commands.inbound:inbound",
    "limits": "intake.commands.limits:limits",
    "qr": "intake.commands.qr:qr",
    "user": "intake.commands.user:user",
    "demo": "intake.commands.demo:demo",
    "chat-states": "intake.dialogue.table:command",
}
"""Command name → "module:attribute". A new command is one line here and one module; a channel
declares its own (`intake/channel_facts.py`)."""


def _command(target: str) -> click.Command:
    command = loaded(target)
    assert isinstance(command, click.Command)  # noqa: S101 - a wrong row in our own table
    return command


def _of_a_channel(name: str) -> click.Command | None:
    for channel, facts in all_facts().items():
        if name in facts.commands:
            return _command(facts.commands[name])
        if facts.process is not None and facts.process.command == name:
            from intake.commands.processes import alone  # only now: it loads the core

            return alone(channel, facts.process)
    return None


class LazyGroup(click.Group):
    """A group that imports a command's module at its first use, so that `kiss` starts at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Name every command, in the order of the table; then those of the channels."""
        channels = all_facts().values()
        doors = [facts.process.command for facts in channels if facts.process is not None]
        return [*COMMANDS, *doors, *(name for facts in channels for name in facts.commands)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return one command, or None for an unknown name."""
        target = COMMANDS.get(cmd_name)
        return _command(target) if target is not None else _of_a_channel(cmd_name)

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; an error that an operator can act on ends it with a sentence."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            from intake.commands.failures import explain  # only now: it loads the core

            failure = explain(error)
            if failure is None:
                raise
            raise failure from error


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kiss-intake")
def main() -> None:
    """KISS Intake: every door into one ticket, every answer back through the same door.

    \b
    kiss run --demo      an invented hospital on this machine, to try everything
    kiss doctor          what works here, and what is missing
    kiss COMMAND --help  how a command is used, with examples
    """  # noqa: D301 - \b keeps click from joining the lines
