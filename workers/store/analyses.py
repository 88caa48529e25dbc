"""The store of analyses: what was paid for once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from redis import Redis

from workers.model import Analysis, Language, Value
from workers.store import keys
from workers.store.claims import Claim
from workers.store.codec import decode_or_none, encode
from workers.store.faults import translated

_PUT = """
if redis.call('HGET', KEYS[2], 'last') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1
"""


class AnalysisKey(Value):
    """What an analysis depends on beside its commit. `prompt` is name and version; `model` None: without a model."""

    repository: str
    prompt: str
    model: str | None
    language: Language

    @property
    def name(self) -> str:
        """All of it as one text."""
        return keys.analysis_name(self.repository, self.prompt, self.model, self.language)


class AnalysisStore:
    """Analyses by key and sha. `life` is how long one is kept after it was put."""

    def __init__(self, redis: Redis, life: timedelta) -> None:
        self._redis = redis
        self._life = life
        self._put = redis.register_script(_PUT)

    @translated()
    def get_many(self, key: AnalysisKey, shas: Sequence[str]) -> dict[str, Analysis]:
        """Those of the analyses that are here and readable, in the order of `shas`, in one round trip."""
        if not shas:
            return {}
        places = [keys.analysis(key.name, sha) for sha in shas]
        found = zip(shas, places, self._redis.mget(places), strict=True)
        read = ((sha, decode_or_none(Analysis, data, place)) for sha, place, data in found)
        return {sha: analysis for sha, analysis in read if analysis is not None}

    @translated()
    def known(self, key: AnalysisKey, shas: Sequence[str]) -> set[str]:
        """Which of these are here, in one round trip, without reading them."""
        pipeline = self._redis.pipeline(transaction=False)
        for sha in shas:
            pipeline.exists(keys.analysis(key.name, sha))
        return {sha for sha, there in zip(shas, pipeline.execute(), strict=True) if there}

    @translated()
    def put(self, key: AnalysisKey, analysis: Analysis, claim: Claim | None = None) -> bool:
        """Keeps an analysis. With a claim only while no other has been given out for its name since: else False."""
        place, data = keys.analysis(key.name, analysis.sha), encode(analysis)
        if claim is None:
            return bool(self._redis.set(place, data, ex=self._life))
        arguments: list[int | bytes] = [claim.fence, data, int(self._life.total_seconds())]
        return bool(self._put([place, keys.claim_history(claim.name)], arguments))
