"""What a diff does, as checkable facts: the vocabulary between symbols, triage and the judges."""

from __future__ import annotations

from enum import StrEnum

from workers.model import Evidence, Value


class Thing(StrEnum):
    """What a fact is about."""

    FUNCTION = "function"  # function or method
    TYPE = "type"  # class, struct, interface, enum, trait, type alias
    CONSTANT = "constant"  # module-level constant or exported variable
    PARAMETER = "parameter"  # of a function; `name` is `function(parameter)`
    FLAG = "flag"  # option of a command line, with its dashes
    COMMAND = "command"  # subcommand of a command line
    ENVIRONMENT = "environment"  # environment variable
    SETTING = "setting"  # key of a configuration file or settings class, dotted
    ROUTE = "route"  # HTTP method and path, or RPC
    FIELD = "field"  # field of a stored or exchanged format: protobuf, SQL column, GraphQL, JSON schema
    DEPENDENCY = "dependency"  # package of a manifest; old and new are version constraints
    FILE = "file"
    SUBMODULE = "submodule"  # old and new are shas
    MODE = "mode"  # file mode, old and new in octal


class Deed(StrEnum):
    """What happened to it."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"  # its signature, default, version or value differs: old and new say how
    RENAMED = "renamed"  # old is the name before
    MOVED = "moved"  # old is the path before
    TOUCHED = "touched"  # its body differs and nothing else is known


class Fact(Value):
    """One thing a diff did, with where to see it.

    `public` is True when people outside the file can use the thing as far as its language's conventions tell (no
    leading underscore, exported, upper-case in Go, `pub` in Rust, not in a test). `old` and `new` are short texts
    from the diff (a signature, a default, a version), None where they make no sense. `count` is 1, or how many things
    of this sort a file has beyond the cap on facts: such a fact sums them up, and its `name` is the path.
    """

    thing: Thing
    deed: Deed
    name: str
    path: str
    public: bool = False
    old: str | None = None
    new: str | None = None
    evidence: tuple[Evidence, ...] = ()
    count: int = 1
