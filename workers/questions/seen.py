"""What tools showed the model besides the commits: texts of files, of searches, of pull requests, with their places."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from workers.analysis.grounding.ground import Ground, Presence
from workers.analysis.grounding.prose.texts import folded, stands
from workers.model import Commit, Side
from workers.questions.values import CommitRef
from workers.tree import Tree


class Seen(NamedTuple):
    """Lines that a tool showed, secrets taken out: of a file at a commit or (`side` old) at its parent.

    `sha` is the commit at which the file was read. `request` is the number of the pull request whose text it is; None:
    it is a file's.
    """

    ref: CommitRef
    sha: str
    path: str
    side: Side
    start: int
    text: str
    request: int | None = None

    def lines_of(self, quote: str) -> tuple[int, int] | None:
        """The lines where a quote stands, white space folded; None where it does not."""
        wanted, height = folded(quote), quote.strip("\n").count("\n") + 1
        rows = self.text.split("\n")
        for at in range(len(rows) - height + 1):
            if wanted and wanted in folded("\n".join(rows[at : at + height])):
                return self.start + at, self.start + at + height - 1
        return None


class WiderGround(Ground):
    """Commits with what tools showed of their repository: a name or figure of it is known, not changed."""

    def __init__(self, commits: tuple[Commit, ...], tree: Tree | None, more: str) -> None:
        super().__init__(commits, tree)
        self._more = more

    @cached_property
    def text(self) -> str:
        """See Ground."""
        return f"{super().text}\n{self._more}"

    @cached_property
    def folded_text(self) -> str:
        """See Ground."""
        return f"{super().folded_text} {folded(self._more)}"

    def presence(self, name: str) -> Presence:
        """See Ground: what was shown counts as lines that stay."""
        found = super().presence(name)
        return found if found.context or not stands(name, self._more) else found._replace(context=True)
