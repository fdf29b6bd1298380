"""`kiss limits`: every limit there is, and how often it refused lately."""

import dataclasses

import click

from core.reading.refusals import RefusedLately, refused_lately
from core.runtime import Runtime
from intake.commands.opening import work
from intake.commands.printing import as_json, moment, print_json, print_table


@click.command(short_help="List every limit, and what it refused lately.")
@click.option("--refused", "refused_only", is_flag=True, help="Only those that refused something.")
@as_json
def limits(*, refused_only: bool, as_json: bool) -> None:
    """List every limit: how much, of whose share, what happens beyond, and how often it did.

    \b
    kiss limits
    kiss limits --refused
    """  # noqa: D301 - \b keeps click from joining the lines

    async def job(runtime: Runtime) -> tuple[RefusedLately, str]:
        zone = (await runtime.directory.fresh()).hospital.zone
        return await refused_lately(runtime), zone

    lately, zone = work(job)
    shown = [each for each in lately.limits if each.in_week or not refused_only]
    if as_json:
        print_json(
            [
                dataclasses.asdict(each)
                | {
                    "limit": each.limit.name,
                    "amount": each.limit.amount,
                    "per": each.limit.per,
                    "beyond": each.limit.beyond,
                }
                for each in shown
            ]
        )
        return
    print_table(
        ("limit", "how much", "day", "week", "latest", "per", "beyond"),
        (
            (
                each.limit.name,
                each.limit.amount,
                each.in_day,
                each.in_week,
                moment(each.latest, zone),
                each.limit.per,
                each.limit.beyond,
            )
            for each in shown
        ),
        "No limit refused anything within a week.",
    )
