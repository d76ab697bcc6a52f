"""The key of signals on the site: made once, its public part shown."""

from bot.channels import push_key
from bot.cli.say import say
from bot.settings import load


def key() -> None:
    """Make the key unless there is one, and say what follows from it."""
    settings = load()
    made = not settings.push_key and push_key.make(settings.push_key_file)
    found = push_key.load(settings)
    if found is None:  # the file went away a moment ago
        say("La clé des signes n’est plus là : relancez cette commande.")
        return
    if settings.push_key:
        say("La clé des signes vient de BOUSSOLE_PUSH_KEY.")
    elif made:
        say(
            f"Clé des signes faite : {settings.push_key_file} (mode 0600). Gardez-en une copie avec vos clés."
        )
    else:
        say(f"La clé des signes existe déjà : {settings.push_key_file}. Rien n’a changé.")
    say(f"Partie publique : {found.public}")
    if made:
        say("Redémarrez le bot : les jeunes qui acceptent les relances pourront demander un signe.")
    if not settings.secure:
        say(
            "Attention : les navigateurs ne permettent les signes qu’en https (BOUSSOLE_BASE_URL), ou sur la machine même."
        )
