"""A question of a thread, answered: what the chat asks for."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, aclosing
from functools import partial
from threading import BoundedSemaphore
from typing import TypeVar

from workers.addresses import lines_url
from workers.analysis.llm.values import ModelFault
from workers.analysis.redaction.redaction import redact
from workers.errors import DigestError, WordsError
from workers.model import Commit, Digest, RepositoryDigest
from workers.questions.about import about, taken_up
from workers.questions.answering import Answering
from workers.questions.briefing import brief, question_of
from workers.questions.checking import Checker
from workers.questions.corpus import Corpus
from workers.questions.passages import passages
from workers.questions.sources import Citations
from workers.questions.tools import Room, Toolbox
from workers.questions.values import About, Answer, Asked, CommitRef, Event, Finished, Found, Passage, Spent
from workers.reading import Reading
from workers.request import Query
from workers.tree import Tree
from workers.wiring import Tools, open_llm, repository_key

log = logging.getLogger(__name__)

T = TypeVar("T")

MaySee = Callable[[str], bool]
"""Whether whoever asks may see a source, by the name that a request gives it."""

NOTHING = About(commits=(), how="none")

INDEXES = BoundedSemaphore(2)
"""Indexes of digests in memory at once, of all answers of a process: one takes up to some 70 MB, and no time to wait
for, while it is the model that answers wait for."""


async def answer(tools: Tools, asked: Asked, may_see: MaySee) -> AsyncGenerator[Event, None]:
    """The events of one answering: Found, then Looking and Told as they come, Finished last, always.

    Commits of sources that `may_see` denies are not looked at, and nothing of them is said. Where two commits fit
    equally (`about.rivals`), and where none does, there is no answer: the person is asked which is meant. Without a
    model, and where it says nothing that holds, the answer is passages. Close the generator to stop.
    """
    case = _Case(tools, asked, may_see)
    try:
        async with aclosing(case.events()) as events:
            async for event in events:
                yield event
    except asyncio.CancelledError:
        yield case.finished()  # whoever had it end still learns what it cost
        raise
    except DigestError as error:
        yield case.finished(problem=error.code)
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("a question on digest %s could not be answered, reference %s", asked.digest_id, reference)
        yield case.finished(problem=f"internal:{reference}")
    finally:
        case.close()


class _Case:
    """One question with what its answer needs. Whatever takes time runs in one thread of its own."""

    def __init__(self, tools: Tools, asked: Asked, may_see: MaySee) -> None:
        self._tools = tools
        self._asked = asked
        self._may_see = may_see
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="question")
        self._indexing = ExitStack()
        self._has_room = False
        self._about = NOTHING
        self._parts: dict[str, RepositoryDigest] = {}
        self._fetched: dict[CommitRef, Commit | None] = {}
        self._citations = Citations(self._urls)
        self._answering: Answering | None = None
        self._lost: str | None = None

    async def events(self) -> AsyncGenerator[Event, None]:
        """Found, then what the model looks at and says, or passages; Finished."""
        corpus = await self._run(self._open)
        self._asked = await self._run(lambda: taken_up(self._asked, corpus))
        self._about = await self._run(lambda: about(self._visible(corpus), corpus))
        yield Found(about=self._about)
        if self._about.rivals or not self._about.commits:
            yield self.finished()
            return
        problem = None
        if self._tools.settings.has_model:
            try:
                async with aclosing(self._by_model(corpus)) as events:
                    async for event in events:
                        yield event
            except ModelFault as fault:
                problem = f"model_{fault.code}"
        found = () if self._has_said else await self._run(lambda: self._passages(corpus))
        yield self.finished(problem, found)

    def finished(self, problem: str | None = None, found: tuple[Passage, ...] = ()) -> Finished:
        """The last event, with all that was said up to now."""
        answering = self._answering
        problems = [found for found in (problem, self._lost) if found]
        if answering is not None and not answering.said and not problems:
            problems.append("nothing_held")
        if answering is not None and answering.cut:
            problems.append("cut")
        return Finished(
            answer=Answer(
                engine="model" if self._has_said else "passages",
                about=self._about,
                said=tuple(answering.said) if answering else (),
                citations=tuple(self._citations.all),
                passages=found,
                complete=not problems,
                problems=tuple(problems),
                removed=answering.removed if answering else 0,
                spent=Spent(**answering.usage.model_dump()) if answering else Spent(),
            )
        )

    def close(self) -> None:
        """Lets the thread end when it has done what it is at, and has given back what it holds."""
        self._thread.submit(self._free)
        self._thread.shutdown(wait=False)

    @property
    def _has_said(self) -> bool:
        return self._answering is not None and bool(self._answering.said)

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    # --- what it works with ---------------------------------------------------------------------------------------

    def _open(self) -> Corpus:
        """The commits that may be seen. WordsError("press_expired") where the digest is not kept any more."""
        digest = self._tools.digests.get(self._asked.digest_id)
        if digest is None:
            raise WordsError("press_expired")
        sources = self._asked.sources or self._tools.runs.request(self._asked.digest_id).sources
        pairs = [pair for pair in zip(sources, digest.repositories, strict=True) if self._may_see(pair[0])]
        self._parts = dict(pairs)
        seen: Digest = digest.model_copy(update={"repositories": tuple(part for _, part in pairs)})
        return self._may_index(Corpus(seen, [source for source, _ in pairs], self._stored))

    def _may_index(self, corpus: Corpus) -> Corpus:
        """Gives the corpus room for its index, until `_free`. It may wait until others have given theirs back."""
        if not self._has_room:
            self._indexing.enter_context(INDEXES)
            self._indexing.enter_context(corpus)
            self._has_room = True
        return corpus

    def _free(self) -> None:
        self._indexing.close()
        self._has_room = False

    def _visible(self, corpus: Corpus) -> Asked:
        """The question; a drill-down of a commit that may not be seen is none."""
        if self._asked.focus in corpus.refs:
            return self._asked
        return self._asked.model_copy(update={"focus": None})

    async def _by_model(self, corpus: Corpus) -> AsyncGenerator[Event, None]:
        find = partial(self._find, corpus)
        room = Room(self._about.commits, corpus.refs, find, partial(self._subject, corpus), self._reading)
        question = question_of(self._asked)
        checker = Checker(self._about.commits, corpus.refs, question, find, self._tree)
        told = await self._run(lambda: brief(self._asked, self._about.commits, corpus, find))
        await self._run(self._free)
        if not told.commits:
            return
        async with open_llm(self._tools.settings, self._tools.redis) as llm:
            self._answering = Answering(llm, self._asked.language, Toolbox(room), checker, self._citations)
            async with aclosing(self._answering.events(told)) as events:
                async for event in events:
                    yield event

    def _stored(self, ref: CommitRef) -> Commit | None:
        return self._tools.commits.get(repository_key(ref.source), ref.sha)

    def _find(self, corpus: Corpus, ref: CommitRef) -> Commit | None:
        """A commit from the store, else once more from its source, secrets taken out; None where neither has it."""
        if ref not in self._fetched:
            if ref.source not in self._parts or corpus.entry(ref) is None:
                return None
            self._fetched[ref] = self._stored(ref) or self._fetch(ref)
        return self._fetched[ref]

    def _fetch(self, ref: CommitRef) -> Commit | None:
        try:
            source = self._tools.source(ref.source)
            listing = source.listing(Query(timezone="UTC", commits=(ref.sha,)), self._tools.now())
            found = next(iter(source.commits(listing.heads)), None)
        except DigestError as error:
            log.warning("commit %s of %s cannot be read again: %s", ref.sha, ref.source, error.code)
            self._lost = error.code
            return None
        return redact(found).commit if found is not None else None

    def _subject(self, corpus: Corpus, ref: CommitRef) -> str:
        entry = corpus.entry(ref)
        return entry.subject if entry else ""

    def _reading(self, source: str) -> Reading:
        return self._tools.source(source).reading()

    def _tree(self, ref: CommitRef) -> Tree | None:
        return self._tools.tree(ref.source, ref.sha)

    def _urls(self, ref: CommitRef) -> tuple[str | None, str | None]:
        part = self._parts.get(ref.source)
        entry = part.entry(ref.sha) if part else None
        return (part.url if part else None, entry.url if entry else None)

    def _passages(self, corpus: Corpus) -> tuple[Passage, ...]:
        found = passages(question_of(self._asked), self._about.commits, self._may_index(corpus))
        return tuple(passage.model_copy(update={"url": self._line_url(passage)}) for passage in found)

    def _line_url(self, passage: Passage) -> str | None:
        page, _ = self._urls(passage.commit)
        if page is None:
            return None
        return lines_url(page, passage.commit.sha, passage.path, passage.side, passage.start, passage.end)
