from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import NOW, added, changed, commit
from workers.analysis.analyst import analyse
from workers.analysis.redaction.redaction import Family, redact
from workers.model import Analysis, Commit, Kind, Language, Tier
from workers.words import load_words

KEY = "AKIA" + "Z7QK3M5XW2LP4RTB"
ENV = "region=eu\n"


def leaking(*more: str) -> Commit:
    """A commit whose added lines hold made-up access keys, redacted as it is before it is stored."""
    keys = "".join(f"key{n}={KEY[:-1]}{letter}\n" for n, letter in enumerate(("B", *more)))
    return redact(commit("Configure the deployment", changed("deploy/env.sh", ENV, ENV + keys))).commit


def judged(one: Commit, language: Language = "en") -> Analysis:
    return analyse(one, language, NOW)


def test_a_secret_that_is_committed_makes_the_commit_high_and_is_its_first_reason():
    told = judged(leaking())
    assert told.tier is Tier.HIGH
    assert told.tier_reasons[0] == "brings a secret into the repository: an AWS access key (`deploy/env.sh:2`)"
    assert Kind.SECURITY in told.kinds


def test_a_secret_in_a_test_is_told_as_a_risk_but_makes_nothing_high():
    in_tests = leaking().model_copy(
        update={"files": (leaking().files[0].model_copy(update={"path": "tests/test_env.py"}),)}
    )
    told = judged(in_tests)
    assert told.tier is Tier.MEDIUM
    assert told.judgement.risks[0].evidence[0].path == "tests/test_env.py"


def test_the_risk_quotes_the_line_with_the_placeholder_and_never_the_secret():
    told = judged(leaking())
    (place,) = told.judgement.risks[0].evidence
    assert (place.path, place.start) == ("deploy/env.sh", 2)
    assert place.quote.startswith("key0=<secret:aws-key:")
    assert KEY not in told.model_dump_json()


def test_the_first_advice_is_to_revoke_and_replace():
    first = judged(leaking()).judgement.recommendations[0]
    assert first.statement.text.startswith("Revoke and replace what was committed (an AWS access key)")
    assert "吊销并更换" in judged(leaking(), "zh").judgement.recommendations[0].statement.text


def test_the_conclusion_is_about_the_secret():
    conclusion = judged(leaking(), "zh").judgement.conclusion
    assert conclusion is not None and "AWS 访问密钥需要吊销" in conclusion.text


def test_many_secrets_are_told_as_a_few_and_counted():
    risks = judged(leaking("C", "D", "E", "F")).judgement.risks
    assert [risk.text.startswith("A secret was committed") for risk in risks] == [True, True, True, False]
    assert risks[3].text == "2 more secrets were committed."


def test_a_secret_that_is_only_removed_or_stood_there_before_raises_nothing():
    old = ENV + f"key={KEY}\n"
    gone = redact(commit("Tidy", changed("deploy/env.sh", old, ENV))).commit
    kept = redact(commit("Tidy", changed("deploy/env.sh", old, old + "zone=b\n"))).commit
    assert "<secret:" in str(gone) and "<secret:" in str(kept)
    assert not [risk for one in (gone, kept) for risk in judged(one).judgement.risks]


def test_a_placeholder_written_by_hand_is_no_secret():
    assert judged(commit("Docs", added("docs/a.md", "<secret:aws-key:1234567-1>\n"))).tier is Tier.LOW


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_family_of_secrets_has_a_name(language: Language):
    words = load_words("workers.analysis", language)
    assert all(words.has(f"secret_kind.{family}") for family in Family)
