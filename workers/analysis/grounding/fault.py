"""Why a statement cannot stand, as a code with details, and as a sentence for the model that wrote it."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from workers.model import Value


class Fault(Value):
    """One thing that is wrong with a statement.

    `code` is a key of the sentences below. `details` are the words they need: `what` is the text at fault, as it
    stands in the statement; `cut`, where it is there, is the exact part that may be left out to mend it.
    """

    code: str
    details: dict[str, str] = Field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.code, *sorted(self.details.items())))


SENTENCES = {
    "name_unknown": "`{what}` does not stand in the commit. Use only names that do, or mark a proposal as proposed.",
    "path_unknown": "The path `{what}` is not among the files of the commit and does not stand in its text.",
    "figure_unknown": "The figure {what} neither stands in the commit nor follows from its numbers.",
    "count_wrong": "The count {what} does not follow from the commit.",
    "unit_wrong": "The commit gives {what} in another unit.",
    "not_added": "The commit does not add {what}: it is not on the new side of the diff, or it is taken away.",
    "not_removed": "The commit does not remove {what}: it is not on the old side of the diff, or it is put in.",
    "order_wrong": "In the diff it is the other way round: {what}.",
    "quality_wrong": "The diff declares it otherwise: {what}.",
    "not_moved": "The commit does not move or rename {what}.",
    "not_old": "{what} is told as the earlier state, but it is only on the new side of the diff.",
    "not_new": "{what} is told as the new state, but it is only on the old side of the diff.",
    "swapped": "Old and new are swapped: the diff goes from {new} to {old}.",
    "not_raised": "{what} goes down in the diff, not up.",
    "not_lowered": "{what} goes up in the diff, not down.",
    "not_enabled": "The diff switches {what} off, not on.",
    "not_disabled": "The diff switches {what} on, not off.",
    "against_message": "The commit message says the opposite: {what}.",
    "wrong_file": "What is said of {what} does not happen in that file.",
    "wrong_doer": "What is said of {what} does not stand in it, but in other functions.",
    "unchanged_unproven": "Nothing in the commit proves that this is unchanged: {what}.",
    "improvement_unproven": "Nothing in the commit proves this improvement: {what}.",
    "expansion_unknown": "The expansion {what} stands neither in the commit nor in the repository: leave it out.",
    "reference_unknown": "{what} does not stand in the commit: no address, mention or number may be invented.",
    "acting": "{what} links, calls or orders somebody: put it in backticks, or leave it out.",
    "person_unknown": "The commit does not name {what}.",
    "not_of_it": "Nothing in it stands in the commit: say what the diff or the message shows, in their words.",
    "no_evidence": "None of the quotes stands in the diff of the file they name.",
}


def explain(fault: Fault) -> str:
    """The fault as one English sentence."""
    return SENTENCES[fault.code].format_map(fault.details)


def told_with_faults(said: Iterable[tuple[int, str, Iterable[Fault]]]) -> str:
    """Statements by number, each with what is wrong with it, as a model is asked to correct them."""
    lines: list[str] = []
    for number, text, faults in said:
        lines += [f"{number}. {text}", *(f"! {explain(fault)}" for fault in faults)]
    return "\n".join(lines)
