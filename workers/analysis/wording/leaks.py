"""Secrets that a commit brings, in words: what each opens and where it stands, never the secret itself."""

from __future__ import annotations

from collections.abc import Sequence

from workers.analysis.redaction.redaction import Finding
from workers.analysis.survey.signals import SECRETS_TOLD, secret_places
from workers.analysis.wording.phrases import code, listed
from workers.model import Statement
from workers.words import Words


def told_secrets(found: Sequence[Finding], words: Words) -> str:
    """Secrets by kind and place: "an AWS access key (`deploy/env.sh:3`)"; above `SECRETS_TOLD` the rest is counted."""
    shown = [_told(finding, words) for finding in found[:SECRETS_TOLD]]
    if len(found) <= SECRETS_TOLD:
        return listed(shown, words)
    more = words("list.comma").join(shown)
    return words("list.more", names=more, rest=len(found) - SECRETS_TOLD, total=len(found))


def _told(finding: Finding, words: Words) -> str:
    return words("secret.at", kind=words(f"secret_kind.{finding.family}"), place=code(f"{finding.path}:{finding.line}"))


def secret_kinds(found: Sequence[Finding], words: Words) -> str:
    """What the secrets are, each kind once."""
    return listed([words(f"secret_kind.{family}") for family in dict.fromkeys(one.family for one in found)], words)


def leak_risks(found: Sequence[Finding], words: Words) -> list[Statement]:
    """One risk for each secret up to `SECRETS_TOLD`, and one that counts the rest."""
    risks = [
        Statement(text=words("risk.secret", secret=_told(finding, words)), evidence=finding.evidence)
        for finding in found[:SECRETS_TOLD]
    ]
    rest = found[SECRETS_TOLD:]
    if rest:
        risks.append(Statement(text=words("risk.more_secrets", n=len(rest)), evidence=secret_places(rest)))
    return risks
