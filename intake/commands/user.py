"""`kiss user`: who may sign in."""

import secrets
import sys
from collections.abc import Awaitable, Callable

import click

from core.administration.changing import TakenError
from core.administration.staff import NewUser, Staff
from core.ground import email_address
from core.ground.errors import NotFoundError
from core.people.passwords import hash_password, weakness
from core.people.roles import ROLES
from intake.commands.failures import Failed
from intake.commands.opening import work
from intake.commands.printing import as_json, print_json, print_table

CODES = tuple(code for code, _, _ in ROLES)

WEAKNESS = {
    "short": "A password has at least 12 characters; three or four words make a good one.",
    "long": "A password has at most 256 characters.",
    "common": "Everybody tries that one first. Three or four unrelated words make a good one.",
    "name": "It is made of the person's own name, which is tried first.",
}

password_in = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input."
)


@click.group(short_help="Say who may sign in.")
def user() -> None:
    """Let members of staff in, change passwords, let somebody go.

    A password is asked for, read with --password-stdin, or made up and shown once. What somebody
    did stays theirs when they are let go.

    \b
    kiss user add dewi --name "Dewi Contoh" --email dewi@rs.example.org --role officer --unit MELATI
    kiss user list
    kiss user password dewi
    kiss user disable dewi
    """  # noqa: D301 - \b keeps click from joining the lines


@user.command()
@click.argument("username")
@click.option("--name", "full_name", required=True, help="Full name.")
@click.option("--email", required=True, help="Where they are told of their tickets.")
@click.option("--role", "roles", required=True, multiple=True, type=click.Choice(CODES))
@click.option("--unit", help="Code of the unit they work in.")
@click.option("--phone")
@click.option("--language", type=click.Choice(["id", "en"]), default="id", show_default=True)
@click.option("--generate", is_flag=True, help="Make a password up and show it once.")
@password_in
def add(  # noqa: PLR0917 - click hands options by name
    username: str,
    full_name: str,
    email: str,
    roles: tuple[str, ...],
    unit: str | None,
    phone: str | None,
    language: str,
    *,
    generate: bool,
    password_stdin: bool,
) -> None:
    """Let somebody in."""
    name = username.strip().lower()
    address = email_address.read(email)
    if address is None:
        raise Failed(f"{email} is no e-mail address.")
    password = secrets.token_urlsafe(15) if generate else _password((name, email), password_stdin)
    new = NewUser(
        username=name,
        full_name=full_name,
        email=address,
        password_hash=hash_password(password),
        roles=tuple(dict.fromkeys(roles)),
        unit_code=unit,
        phone=phone,
        language=language,
    )
    try:
        work(lambda runtime: Staff(runtime).add(new))
    except TakenError:
        raise Failed("Somebody has this user name or e-mail address already.") from None
    except NotFoundError:
        raise Failed(f"There is no unit {unit}.") from None
    click.echo(f"{name} can sign in now.")
    if generate:
        click.echo(f"Password, shown only here: {password}")


@user.command("list")
@as_json
def list_them(*, as_json: bool) -> None:
    """List everybody with an account."""
    found = work(lambda runtime: Staff(runtime).all())
    if as_json:
        print_json(found)
        return
    print_table(
        ("user", "name", "e-mail", "roles", "unit", ""),
        (
            (
                row.username,
                row.full_name,
                row.email,
                ", ".join(row.roles),
                row.unit,
                "" if row.is_active else "disabled",
            )
            for row in found
        ),
        "Nobody has an account yet. `kiss user add --help` shows how.",
    )


@user.command()
@click.argument("username")
@password_in
def password(username: str, *, password_stdin: bool) -> None:
    """Give somebody another password; wherever they are signed in, they sign in again."""
    hashed = hash_password(_password((username,), password_stdin))
    _named(username, lambda staff: staff.set_password(username, hashed))
    click.echo(f"{username} has another password now.")


@user.command()
@click.argument("username")
def disable(username: str) -> None:
    """Let somebody in no more."""
    _named(username, lambda staff: staff.disable(username))
    click.echo(f"{username} cannot sign in any more.")


def _password(names: tuple[str, ...], from_stdin: bool) -> str:
    if from_stdin:
        chosen = sys.stdin.readline().rstrip("\r\n")
    else:
        chosen = str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    fault = weakness(chosen, names=names)
    if fault is not None:
        raise Failed(WEAKNESS[fault])
    return chosen


def _named(username: str, verb: Callable[[Staff], Awaitable[None]]) -> None:
    try:
        work(lambda runtime: verb(Staff(runtime)))
    except NotFoundError:
        raise Failed(f"There is nobody called {username}.") from None
