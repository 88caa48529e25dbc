"""`subscribe`, `list`, `show`, `pause`, `resume`, `unsubscribe`, `run`, against whatever keeps the subscriptions."""

from __future__ import annotations

from collections.abc import Callable

from chatbot.commands.access import Access
from chatbot.commands.command import NumberedCommand, PlainCommand, SubscribeCommand
from chatbot.commands.scene import Scene
from chatbot.commands.table import Handler, Table
from chatbot.messaging import Answer
from chatbot.subscriptions import Subscription, Subscriptions, known_to, no_subscription
from chatbot.views.subscriptions import Change, change_view, subscription_view, subscriptions_view


def subscription_commands(subscriptions: Subscriptions, access: Access) -> Table:
    """What the commands about subscriptions do. What changes a channel is said to all of it."""

    def subscribe(command: SubscribeCommand, scene: Scene) -> Answer:
        reach = access.reach(scene.channel, command.repository, scene.granted, scene.person.is_outsider)
        whole = _completed(command, scene)
        added = subscriptions.add(scene.channel, scene.person, whole, reach == "public", scene.now)
        return Answer(change_view("subscribed", added, scene.words), is_private=False)

    def list_all(command: PlainCommand, scene: Scene) -> Answer:
        del command
        return Answer(subscriptions_view(known_to(scene.person, subscriptions.of(scene.channel)), scene.words))

    def show(command: NumberedCommand, scene: Scene) -> Answer:
        return Answer(subscription_view(found(command.number, scene), scene.words))

    def found(number: int, scene: Scene) -> Subscription:
        """What the person may not know of is not there."""
        known = known_to(scene.person, subscriptions.of(scene.channel))
        subscription = next((one for one in known if one.number == number), None)
        if subscription is None:
            raise no_subscription(number, known)
        return subscription

    def changing(change: Change, act: Callable[[int, Scene], Subscription]) -> Handler:
        """A handler that does something with the subscription of a number, and tells the channel."""

        def handler(command: NumberedCommand, scene: Scene) -> Answer:
            found(command.number, scene)
            changed = act(command.number, scene)
            return Answer(change_view(change, changed, scene.words), _is_secret(changed, scene))

        return handler

    return {
        "subscribe": subscribe,
        "list": list_all,
        "show": show,
        "pause": changing(
            "paused", lambda number, scene: subscriptions.pause(scene.channel, number, scene.person, scene.now)
        ),
        "resume": changing("resumed", lambda number, scene: subscriptions.resume(scene.channel, number, scene.now)),
        "unsubscribe": changing("unsubscribed", lambda number, scene: subscriptions.remove(scene.channel, number)),
        "run": changing(
            "started", lambda number, scene: subscriptions.run(scene.channel, number, scene.person, scene.now)
        ),
    }


def _is_secret(subscription: Subscription, scene: Scene) -> bool:
    """Whether the channel has readers by now that may not know of the subscription."""
    return scene.channel.is_shared and not subscription.is_public


def _completed(command: SubscribeCommand, scene: Scene) -> SubscribeCommand:
    """With the zone and the language of the channel where the command has none: they stay when the channel's change."""
    schedule = command.schedule.model_copy(update={"timezone": command.schedule.timezone or scene.timezone})
    options = command.options.model_copy(update={"language": command.options.language or scene.language})
    return command.model_copy(update={"schedule": schedule, "options": options})
