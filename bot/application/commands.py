"""The words that work everywhere: menu, pause, passer, retour, simple, écouter, humain, SOS, mes données, stop."""

from typing import assert_never

from bot.application import asides, effects, helping, invited, ways_on
from bot.application.scene import Scene
from dialogues.events import Back, Input, Simple, Skipped
from dialogues.understand import Command

AGENDA = "agenda"  # its page
IN_PAGE: dict[Command, Input] = {Command.SKIP: Skipped(), Command.BACK: Back(), Command.SIMPLE: Simple()}


def obey(scene: Scene, command: Command) -> None:
    """Do what the word says, wherever the person is."""
    match command:
        case Command.SOS:
            helping.help_now(scene, by_word=True)
        case Command.MENU:
            effects.leave(scene)
            ways_on.menu(scene)
        case Command.PAUSE:
            _pause(scene)
        case Command.HUMAN:
            asides.human(scene)
        case Command.DATA:
            asides.my_data(scene)
        case Command.STOP:
            invited.stop(scene)
        case Command.AGENDA:
            effects.begin(scene, AGENDA)
        case Command.LISTEN:
            scene.say("listen_web" if scene.channel == "web" else "listen")
        case Command.SKIP | Command.BACK | Command.SIMPLE:
            _within_page(scene, command)
        case _:
            assert_never(command)


def _within_page(scene: Scene, command: Command) -> None:
    if scene.desk.aside is not None:
        if command is Command.SIMPLE:
            scene.say("simple_none")
        else:
            effects.go_on(scene)
        return
    effects.play(scene, IN_PAGE[command])


def _pause(scene: Scene) -> None:
    scene.say("pause_visit" if scene.visiting else "pause")
    scene.leave_open()
    ways_on.paused(scene)
