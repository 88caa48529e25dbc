"""`digest` and `commit`: an order is taken and answered at once."""

from __future__ import annotations

from chatbot.commands.access import Access
from chatbot.commands.command import CommitCommand, DigestCommand, Options
from chatbot.commands.scene import Scene
from chatbot.commands.table import Table
from chatbot.messaging import Answer
from chatbot.orders import Desk, Order
from chatbot.views.answers import accepted_view
from workers.model import Tier
from workers.request import DigestRequest, Query
from workers.sources.window import Asked, ask


def digest_commands(desk: Desk, access: Access) -> Table:
    """What `digest` and `commit` do: `desk` takes the order, `access` says what may be read."""

    def digest(command: DigestCommand, scene: Scene) -> Answer:
        asked = ask(command.window, scene.timezone, scene.now) if command.window else Asked()
        return ordered(command, digest_request(command.repository, asked, command.options, scene, access), scene)

    def commit(command: CommitCommand, scene: Scene) -> Answer:
        options = Options(language=command.language)
        request = digest_request(command.repository, Asked(), options, scene, access)
        single = request.query.model_copy(update={"commits": (command.sha,)})
        return ordered(command, request.model_copy(update={"query": single}), scene)

    def ordered(command: DigestCommand | CommitCommand, request: DigestRequest, scene: Scene) -> Answer:
        order = Order(
            channel=scene.channel,
            person=scene.person,
            language=request.language,
            sources=request.sources,
            public_only=request.public_only,
            under=scene.under,
            sha=command.sha if isinstance(command, CommitCommand) else None,
        )
        desk.order(request, order)
        return Answer(accepted_view(command, request, scene.words))

    return {"digest": digest, "commit": commit}


def digest_request(repository: str, asked: Asked, options: Options, scene: Scene, access: Access) -> DigestRequest:
    """The request that a command means in a place. WordsError("bad_source") where it may not be read from there."""
    reach = access.reach(scene.channel, repository, scene.granted, scene.person.is_outsider)
    query = Query(timezone=scene.timezone, **asked.model_dump(), branches=options.branches, paths=options.paths)
    return DigestRequest(
        asked_at=scene.now,
        sources=(repository,),
        query=query,
        language=options.language or scene.language,
        least_tier=options.tier or Tier.LOW,
        public_only=reach == "public",
    )
