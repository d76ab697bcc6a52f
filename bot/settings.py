"""Settings of the bot, read once from the environment or `.env`; the only module that looks there."""

import os
import re
from collections.abc import Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from dotenv.parser import parse_stream
from pydantic import AliasChoices, Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "BOUSSOLE_"
FOREIGN = frozenset(
    {"BOUSSOLE_TEST_DATABASE_URL", "BOUSSOLE_NOTHING_LEFT_OUT"}
)  # read by the tests, not by the bot
PushHost = Annotated[
    str,
    Field(
        pattern=r"^(\*(\.[a-z0-9-]+){2,}|[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?|\[[0-9a-f:]+\]:\d{1,5})$",
        max_length=200,
    ),
]
MonthDay = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]


class SettingsError(Exception):
    """One or several settings are wrong. `problems` holds one French sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Settings(BaseSettings):
    """Every setting, with the sentence that explains it to the person who runs the bot."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        extra="ignore",
        populate_by_name=True,
        validate_default=True,
        hide_input_in_errors=True,
    )

    data_dir: Path = Field(default=Path("var"), description="Dossier où le bot range ce qu’il garde.")
    database_url: str = Field(
        default="",
        description="Adresse de la base : vide pour un fichier SQLite dans le dossier de données, "
        "ou postgresql+psycopg://… pour un serveur PostgreSQL.",
    )
    keys: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        repr=False,
        description="Clés de chiffrement, séparées par des virgules ; la première chiffre, toutes déchiffrent.",
    )
    keys_file: Path = Field(
        default=Path(),
        description="Fichier des clés, une par ligne, lisible par vous seul ; "
        "vide pour « .boussole-keys » à côté du dossier de données.",
    )
    host: str = Field(default="127.0.0.1", description="Adresse sur laquelle le site écoute.")
    port: int = Field(
        default=8000,
        ge=1,
        le=65535,
        validation_alias=AliasChoices("BOUSSOLE_PORT", "PORT"),
        description="Port du site ; la variable PORT des hébergeurs est lue aussi.",
    )
    base_url: str = Field(
        default="",
        description="Adresse publique du site, sans barre à la fin ; en https, les cookies deviennent sûrs. "
        "Vide pour l’adresse locale.",
    )
    bot_name: str = Field(
        default="Boussole", min_length=1, max_length=40, description="Nom que le bot se donne."
    )
    centre_name: str = Field(
        default="ton centre",
        min_length=1,
        max_length=80,
        description="Nom du centre, tel qu’il se dit dans une phrase.",
    )
    forum_name: str = Field(
        default="ton forum des métiers",
        min_length=1,
        max_length=80,
        description="Nom du forum d’orientation du centre.",
    )
    centre_contact: str = Field(
        default="",
        max_length=200,
        description="Comment joindre une personne du centre (téléphone, courriel, lieu et heures) ; "
        "montré avec les numéros d’aide.",
    )
    centre_postcode: str = Field(
        default="4000",
        pattern=r"^\d{4}$",
        description="Code postal du centre, pour parler de ce qui est près.",
    )
    min_age_web: int = Field(default=12, ge=12, le=18, description="Âge minimum sur le site.")
    min_age_discord: int = Field(default=13, ge=12, le=18, description="Âge minimum sur Discord.")
    min_age_telegram: int = Field(default=16, ge=12, le=18, description="Âge minimum sur Telegram.")
    telegram_token: str = Field(
        default="",
        repr=False,
        pattern=r"^(\d+:[A-Za-z0-9_-]+)?$",
        description="Jeton du bot Telegram, donné par @BotFather ; vide : pas de Telegram.",
    )
    telegram_api_url: str = Field(
        default="https://api.telegram.org",
        description="Adresse de l’API de Telegram (ou d’un serveur local, http://hôte:port).",
    )
    telegram_webhook_url: str = Field(
        default="",
        description="Adresse publique où Telegram dépose les messages, qui finit par /telegram ; vide : le bot va les chercher.",
    )
    telegram_webhook_secret: str = Field(
        default="",
        repr=False,
        pattern=r"^([A-Za-z0-9_-]{16,256})?$",
        description="Secret que Telegram joint à chaque dépôt, 16 à 256 lettres, chiffres, _ ou - ; obligatoire avec l’adresse de dépôt.",
    )
    discord_token: str = Field(
        default="", repr=False, description="Jeton du bot Discord ; vide : pas de Discord."
    )
    discord_api_url: str = Field(
        default="https://discord.com/api/v10",
        description="Adresse de l’API de Discord, qui finit par /api/v10.",
    )
    discord_gateway_url: str = Field(
        default="wss://gateway.discord.gg/", description="Adresse de la passerelle de Discord."
    )
    push_key: str = Field(
        default="",
        repr=False,
        pattern=r"^([A-Za-z0-9_-]{43}=?)?$",
        description="Clé des signes du site (Web Push) ; vide : celle du fichier. « boussole keys push » en fait une.",
    )
    push_key_file: Path = Field(
        default=Path(),
        description="Fichier de cette clé, lisible par vous seul ; vide pour « .boussole-keys-push » à côté du fichier des clés. "
        "Sans clé, pas de signes.",
    )
    push_hosts: Annotated[tuple[PushHost, ...], NoDecode] = Field(
        default=(
            "fcm.googleapis.com",
            "updates.push.services.mozilla.com",
            "*.push.apple.com",
            "*.notify.windows.com",
        ),
        description="Services de notification des navigateurs à qui un signe peut partir, séparés par des virgules ; "
        "« *. » vaut pour tout ce qui précède, « hôte:port » pour un service à vous.",
    )
    smtp_url: str = Field(
        default="",
        repr=False,
        description="Serveur d’envoi d’e-mails pour l’équipe : smtp://nom:mot-de-passe@hôte:587 ou smtps://… ; "
        "chiffré sauf sur cette machine même. Vide : pas d’e-mail.",
    )
    mail_from: str = Field(
        default="",
        max_length=200,
        description="Adresse qui envoie ces e-mails, obligatoire avec le serveur ; par exemple boussole@centre.be.",
    )
    parent_check: Literal["coach", "link"] = Field(
        default="coach",
        description="Accord d’un parent à 12 ans : « coach » confirme avant qu’il compte, « link » : le lien suffit.",
    )
    mentor_review: Literal["all", "new", "flagged"] = Field(
        default="all",
        description="Textes des mentors relus avant d’arriver : tous, ceux des nouveaux, ou ceux que les règles retiennent.",
    )
    forem: Literal["off", "odwb"] = Field(
        default="off",
        description="Offres d’emploi du Forem : « off », ou « odwb » pour les lire dans les données ouvertes "
        "(lisez d’abord docs/offres.md).",
    )
    forem_url: str = Field(
        default="https://www.odwb.be/api/explore/v2.1",
        description="Adresse des données ouvertes du Forem, qui finit par /api/explore/v2.1 ; "
        "leforem-digitalwallonia.opendatasoft.com a les mêmes.",
    )
    season_end: MonthDay = Field(
        default="08-31",
        description="Fin de la saison, mois-jour ; ce qui est gardé s’efface douze mois après.",
    )
    demo: bool = Field(
        default=False, description="Centre d’exemple : données inventées, horloge qui peut avancer."
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="Forme du journal : lignes lisibles ou JSON."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Le moins grave que le journal note."
    )

    @field_validator("keys", "push_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(k.strip() for k in value.split(",") if k.strip()) if isinstance(value, str) else value

    @field_validator("base_url", "forem_url", "telegram_api_url", "telegram_webhook_url", "discord_api_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("l’adresse doit commencer par http:// ou https://")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        value = value.replace("postgres://", "postgresql://", 1) if value.startswith("postgres://") else value
        if value.startswith("postgresql://"):  # what hosts give; psycopg 3 is the driver here
            value = value.replace("postgresql://", "postgresql+psycopg://", 1)
        if value and not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("l’adresse doit commencer par sqlite:/// ou postgresql://")
        return value

    @field_validator("season_end")
    @classmethod
    def _day(cls, value: str) -> str:
        month, day = map(int, value.split("-"))
        try:
            date(2027, month, day)  # a year without 29 February
        except ValueError:
            raise ValueError("ce jour n’existe pas chaque année (mois-jour, par exemple 08-31)") from None
        return value

    @model_validator(mode="after")
    def _defaults(self) -> Self:
        data = self.data_dir.expanduser().absolute()
        self.database_url = self.database_url or f"sqlite:///{data / 'boussole.sqlite3'}"
        self.keys_file = data.parent / ".boussole-keys" if self.keys_file == Path() else self.keys_file
        if self.push_key_file == Path():
            self.push_key_file = self.keys_file.with_name(f"{self.keys_file.name}-push")
        self.base_url = self.base_url or f"http://{self.host}:{self.port}"
        return self

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, value: str) -> str:
        try:
            parts = urlsplit(value)
            usable = parts.scheme in ("smtp", "smtps") and parts.hostname and parts.port != 0
        except ValueError:  # the port
            usable = False
        if value and not usable:
            raise ValueError("l’adresse doit être smtp://hôte:port ou smtps://hôte:port")
        return value

    @model_validator(mode="after")
    def _mail(self) -> Self:
        if self.smtp_url and not re.fullmatch(r"[!-?A-~]+@[a-z0-9.-]+", self.mail_from):
            raise ValueError("le serveur d’e-mails demande aussi BOUSSOLE_MAIL_FROM, une adresse e-mail")
        return self

    @model_validator(mode="after")
    def _webhook(self) -> Self:
        if self.telegram_webhook_url and not self.telegram_webhook_secret:
            raise ValueError("l’adresse de dépôt de Telegram demande aussi BOUSSOLE_TELEGRAM_WEBHOOK_SECRET")
        if self.telegram_webhook_url and not self.telegram_token:
            raise ValueError("l’adresse de dépôt de Telegram demande aussi BOUSSOLE_TELEGRAM_TOKEN")
        return self

    @field_validator("discord_gateway_url")
    @classmethod
    def _socket(cls, value: str) -> str:
        if not value.startswith(("ws://", "wss://")):
            raise ValueError("l’adresse doit commencer par ws:// ou wss://")
        return value

    def platforms(self) -> tuple[str, ...]:
        """The chat platforms for which there is a token."""
        return tuple(
            name
            for name, token in (("telegram", self.telegram_token), ("discord", self.discord_token))
            if token
        )

    @property
    def secure(self) -> bool:
        """Whether the site is reached over https: then cookies are `Secure` and `__Host-`."""
        return self.base_url.startswith("https://")

    def min_age(self, channel: str) -> int:
        """The youngest age admitted on a channel; the web's for a channel without its own."""
        return int(getattr(self, f"min_age_{channel}", self.min_age_web))

    def load_keys(self) -> tuple[str, ...]:
        """The encryption keys, first one first. SettingsError when there are none or the file is open to others."""
        if self.keys:
            return self.keys
        path = self.keys_file.expanduser()
        try:
            if path.is_file() and path.stat().st_mode & 0o077:
                raise SettingsError(
                    [f"Le fichier des clés {path} est lisible par d’autres : chmod 600 {path}"]
                )
            keys = tuple(line.strip() for line in path.read_text("ascii").splitlines() if line.strip())
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError([_no_keys(path)]) from error
        if not keys:
            raise SettingsError([_no_keys(path)])
        return keys


def _no_keys(path: Path) -> str:
    return (
        f"Aucune clé de chiffrement : BOUSSOLE_KEYS est vide et {path} manque ou ne se lit pas. "
        "« boussole keys make » en fait une ; si des données existent déjà, remettez plutôt l’ancien fichier."
    )


def make_keys(path: Path) -> bool:
    """Make a new key file (mode 0600) unless there is one; say whether it was made."""
    from cryptography.fernet import Fernet  # noqa: PLC0415  # heavy, and only needed at installation

    path = path.expanduser()
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w") as file:
        file.write(Fernet.generate_key().decode() + "\n")
    return True


def load(dotenv: Path | None = Path(".env"), **given: Any) -> Settings:
    """The settings of this process. SettingsError with every problem at once."""
    problems = list(_unknown(_in_file(dotenv)))
    try:
        # The encoding that also reads what Windows editors put first, the byte order mark.
        settings = Settings(_env_file=dotenv, _env_file_encoding="utf-8-sig", **given)  # type: ignore[call-arg]  # documented by pydantic-settings
    except ValidationError as error:
        problems += [_sentence(detail) for detail in error.errors(include_url=False)]
    if problems:
        raise SettingsError(problems)
    return settings


def variable(name: str) -> str:
    """The environment variable of a field."""
    return PREFIX + name.upper()


def _in_file(dotenv: Path | None) -> set[str]:
    """The names that a `.env` file sets. SettingsError when it cannot be read, or a line of it is not `NAME=value`."""
    if dotenv is None or not dotenv.is_file():
        return set()
    try:
        with dotenv.open(encoding="utf-8-sig") as stream:
            lines = list(parse_stream(stream))
    except OSError as error:
        raise SettingsError([f"Le fichier {dotenv} ne se lit pas : vérifiez ses droits."]) from error
    except UnicodeDecodeError as error:
        raise SettingsError([f"Le fichier {dotenv} n’est pas en UTF-8 : enregistrez-le en UTF-8."]) from error
    strange = [line.original.line for line in lines if line.error or (line.key and line.value is None)]
    if strange:
        raise SettingsError(
            [
                f"La ligne {number} de {dotenv} ne se comprend pas : écrivez NOM=valeur, ou # devant une note."
                for number in strange
            ]
        )
    return {line.key for line in lines if line.key}


def _unknown(in_file: set[str]) -> Iterator[str]:
    known = [variable(name) for name in Settings.model_fields]
    for name in sorted(os.environ.keys() | in_file):
        if name.startswith(PREFIX) and name not in known and name not in FOREIGN:
            near = get_close_matches(name, known, 1, 0.6)
            hint = f" Vouliez-vous dire {near[0]} ?" if near else " « boussole settings » les montre tous."
            yield f"Le réglage {name} n’existe pas.{hint}"


_WRONG = {
    "int_parsing": "n’est pas un nombre entier",
    "int_from_float": "n’est pas un nombre entier",
    "bool_parsing": "doit être true ou false",
    "path_type": "n’est pas un chemin",
    "string_too_short": "ne peut pas être vide",
    "literal_error": "doit être : {expected}",
    "greater_than_equal": "doit être au moins {ge}",
    "less_than_equal": "doit être au plus {le}",
    "string_too_long": "ne peut pas dépasser {max_length} caractères",
    "value_error": "est faux : {error}",
    "string_pattern_mismatch": "n’a pas la forme attendue (voir « boussole settings »)",
}


def _sentence(detail: ErrorDetails) -> str:
    if not detail["loc"]:  # about several settings: the sentence names them
        said = str(detail.get("ctx", {}).get("error", detail["msg"]))
        return f"{said[:1].upper()}{said[1:]}."
    name = str(detail["loc"][0])
    label = name if name.isupper() else variable(name)
    return f"Le réglage {label} {_wrong(detail['type'], detail.get('ctx', {}))}."


def _wrong(kind: str, about: Mapping[str, Any]) -> str:
    return _WRONG.get(kind, "a une valeur qui ne convient pas").format(
        **{name: str(value).replace(" or ", " ou ") for name, value in about.items()}
    )


def as_markdown() -> str:
    """The reference page of all settings, in French."""
    lines = [
        "# Réglages",
        "",
        "Page faite par `boussole settings --markdown` : ne pas corriger à la main.",
        "",
    ]
    lines += ["Chaque réglage vient de l’environnement ou d’un fichier `.env`.", ""]
    lines += ["| Variable | Par défaut | À quoi elle sert |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        lines.append(f"| `{variable(name)}` | {_default(field.default)} | {field.description} |")
    return "\n".join(lines) + "\n"


def _default(value: object) -> str:
    if isinstance(value, tuple):
        value = ", ".join(map(str, value))
    shown = "" if value in ((), "", Path()) else str(value).lower() if isinstance(value, bool) else str(value)
    return f"`{shown}`" if shown else "(vide)"
