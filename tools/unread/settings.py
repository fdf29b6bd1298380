"""Which settings nothing reads.

A setting is read where its name stands behind `settings.` or behind whatever else its class is
called (`receiving: ReceivingSettings`), or behind `self.` in its own class; a channel's setting in
its channel's own folder.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from tools.unread.code import every, last, read, tree_of

_BASE = "BaseSettings"
_USUAL = "settings"


@dataclass(frozen=True, slots=True)
class _Settings:
    name: str
    fields: frozenset[str]
    folder: PurePosixPath
    """Where it may be read: a channel's folder, or everywhere."""
    own: frozenset[str]
    """What its own methods read."""


def unread(python: Mapping[str, str], channels: str) -> set[str]:
    """Name the settings nothing reads, as `Settings.port`; `channels` is the channels' folder."""
    trees = {PurePosixPath(path): tree_of(source) for path, source in python.items()}
    found = [each for path, tree in trees.items() for each in _classes(path, tree, channels)]
    return {
        f"{each.name}.{field}"
        for each in found
        for field in each.fields - each.own - _read(each, trees)
    }


def _classes(path: PurePosixPath, tree: ast.Module, channels: str) -> Iterator[_Settings]:
    for node in every(tree):
        if isinstance(node, ast.ClassDef) and _BASE in {last(base) for base in node.bases}:
            fields = {last(each.target) for each in node.body if isinstance(each, ast.AnnAssign)}
            folder = path.parent if path.is_relative_to(channels) else PurePosixPath()
            own = {name for owner, name in read(node) if owner == "self"}
            yield _Settings(node.name, frozenset(fields), folder, frozenset(own))


def _read(settings: _Settings, trees: Mapping[PurePosixPath, ast.Module]) -> set[str]:
    near = [tree for path, tree in trees.items() if path.is_relative_to(settings.folder)]
    called = {_USUAL, *(_plain(name) for tree in near for name in _called(settings.name, tree))}
    return {name for tree in near for owner, name in read(tree) if _plain(owner) in called}


def _called(name: str, tree: ast.Module) -> Iterator[str]:
    """Yield the parameters and fields that are annotated with a class."""
    for node in every(tree):
        if isinstance(node, ast.arg) and node.annotation:
            held, annotation = node.arg, node.annotation
        elif isinstance(node, ast.AnnAssign):
            held, annotation = last(node.target), node.annotation
        else:
            continue
        if any(last(each) == name for each in every(annotation)):
            yield held


def _plain(name: str) -> str:
    return name.lstrip("_")
