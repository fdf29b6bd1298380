"""Finds the channels' folders and what each says of itself, without opening any."""

import pkgutil
from functools import cache
from importlib import import_module

from intake import channels as folder
from intake.channel_facts import ChannelFacts


def names() -> list[str]:
    """Name every channel folder; one that begins with an underscore is a sample to copy."""
    found = (module.name for module in pkgutil.iter_modules(folder.__path__))
    return sorted(name for name in found if not name.startswith("_"))


@cache
def facts_of(name: str) -> ChannelFacts:
    """Return what a channel says of itself; the sample, too, by its folder's name."""
    facts: ChannelFacts = import_module(f"{folder.__name__}.{name}").FACTS
    return facts


def loaded(target: str) -> object:
    """Import what a declaration names as "module:attribute"."""
    module, _, attribute = target.partition(":")
    found: object = getattr(import_module(module), attribute)
    return found


def all_facts() -> dict[str, ChannelFacts]:
    """Return what every channel says of itself, by name."""
    return {name: facts_of(name) for name in names()}
