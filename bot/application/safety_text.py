"""The plain form of a text before safety reads it: one spelling for the many ways of writing the same words."""

import re
import unicodedata
from functools import lru_cache

from rapidfuzz.distance import OSA

from bot.application.safety_rules import vocabulary

CAP = 4000  # characters read: the first and last half of a longer text

_LOOK_ALIKES = str.maketrans(
    "абвгдеёжзийклмнорстухсуіїјѕԁһԛԝαβεικνορτυχγ@$€",
    "abbgdeexzuuklmhopctyxcyiijsdhqwabeiknoptuxyase",
)
_PICTURES = {
    "😂": " mdr ",
    "🤣": " mdr ",
    "😹": " mdr ",
    "😆": " mdr ",
    "😅": " mdr ",
    "🔪": " couteau ",
    "🔫": " arme ",
}
_DIGITS = str.maketrans("013457", "oieast")
_IN_WORD = re.compile(r"(?<=[a-z])[013457](?=[a-z])")
_SPACED = re.compile(r"(?<![a-z0-9])(?:[a-z][ ._*\-]){3,}[a-z](?![a-z0-9])")
_JOINER = re.compile(r"(?<=[a-z0-9])[._*](?=[a-z0-9])")
_STOP = re.compile(r"(?<![.!?])[.!?;](?![.!?])|[!?]{2,}")
_OTHER = re.compile(r"[^a-z0-9|]+")
_FLOOD = re.compile(r"([^\w\s])\1{2,}")  # the same emoji or mark again and again
_REPEAT = re.compile(r"([a-z])\1+")
_SHORT_J = re.compile(
    r"^j(me|veux|vais|suis|peux|fais|pense|mange|sais|dors|prends|vois|sens|coupe|fume|bois|vomis|te|le|la|voulais|"
    r"voudrais|deteste|hais|sers|pleure|scarifie|sors|crois|reste|pars|dois|serai|serais|prefere|jeune|"
    r"subis|deale|cache|vis|parle|arete|mutile|pars|barre|barrai|case)$"
)
_SHORT_D = re.compile(r"^d(mourir|crever|vivre|finir|tuer|me|moi|le|la)$")

# Abbreviation -> words, in the folded spelling (no accent, no doubled letter).
_SMS: dict[str, str] = dict(
    pair.split("=")
    for pair in ["jveu=je veux", "jveut=je veux", "jve=je veux", "jvx=je veux", "veu=veux", "vx=veux", "jvai=je vais", "jsui=je suis", "chui=je suis", "chuis=je suis", "jss=je suis", "chu=je suis", "sui=suis", "g=j ai", "jai=j ai", "ge=j ai", "c=c est", "ct=c etait", "cest=c est", "ki=qui", "ke=que", "pr=pour", "ds=dans", "dan=dans", "tt=tout", "tlm=tout le monde", "pk=pourquoi", "pcq=parce que", "psk=parce que", "mtn=maintenant", "vrm=vraiment", "vrmt=vraiment", "vmt=vraiment", "bcp=beaucoup", "tro=trop", "qd=quand", "kan=quand", "jpp=j en peux plus", "jenpeux=j en peux", "jpeu=je peux", "jpe=je peux", "jen=j en", "tjr=toujours", "tjrs=toujours", "tjs=toujours", "mm=meme", "dla=de la", "envi=envie", "env=envie", "envy=envie", "anvie=envie", "anvi=envie", "denvie=d envie", "fe=fait", "fai=fais", "jfe=je fais", "jfai=je fais", "pa=pas", "plu=plus", "pu=plus", "jmen=je m en", "jm=je me", "jmef=je me fais", "daron=pere", "darone=mere", "darons=parents", "daronne=mere", "reum=mere", "reup=pere", "reuf=frere", "reus=soeur", "remps=parents", "rempes=parents", "padre=pere", "mif=famile", "kelkun=quelqu un", "qqn=quelqu un", "qqun=quelqu un", "qlq=quelque", "ecol=ecole", "bo=beau", "mef=meuf", "boufe=manger", "boufer=manger", "boufes=manges", "cn=c est", "ns=nous", "vs=vous", "dmain=demain", "2main=demain", "auj=aujourd hui", "pck=parce que", "pq=parce que", "parceke=parce que", "kom=comme", "koi=quoi", "2=de", "den=d en", "denvi=d envie", "medok=medocs", "medoks=medocs", "msg=message", "nud=nude", "menferme=m enferme", "mendormir=m endormir", "jarive=j arive", "jariv=j arive", "narive=n arive", "per=pere", "mer=mere", "mamere=ma mere", "monpere=mon pere", "lecole=l ecole", "d1=d un", "mdrr=mdr", "mdrrr=mdr", "mdrrrr=mdr", "suicidee=suicide", "jaimerais=j aimerais", "jaimerai=j aimerais", "voudrai=voudrais", "aimerai=aimerais", "nimporte=n importe", "jvoudrai=je voudrais", "jmange=je mange", "jmen=je m en", "kil=qu il", "kel=qu elle", "kils=qu ils", "qil=qu il", "frap=frape", "jetai=j etais", "jetais=j etais", "foutr=foutre", "lair=l air", "laire=l air", "crevez=crever", "mouri=mourir", "morir=mourir", "mourire=mourir", "arret=arete", "dabus=d abus", "msuis=me suis", "mfais=me fais", "mfait=me fait", "mfe=me fait", "mtape=me tape", "mfrape=me frape", "mbat=me bat", "mtouche=me touche", "minsulte=m insulte", "mharcele=me harcele", "mlachent=me lachent"]
)

# Words worth recognising with one slip of the finger, and real words that stand one letter away.
_KEYS = ["mourir", "suicider", "suicide", "scarifier", "scarifie", "mutiler", "mutile", "harceler", "harcele", "harcelement", "violence", "violente", "atouchements", "chantage", "anorexique", "boulimique", "overdose", "fuguer", "cachets", "medicaments", "insultent", "exciser", "excision", "poignets", "tentative", "disparaitre", "vomir", "mariage", "canabis", "drogue", "tabase", "maltraite", "menace", "enferme", "crever"]
_REAL = frozenset(
    ["courir", "nourir", "mourait", "violences", "viole", "violet", "violon", "mutine", "menage", "menager", "menaces", "menacent", "enfermer", "enferment", "vomis", "vernir", "venir", "drogues", "drogue", "dragues", "dragon", "cachet", "cacher", "caches", "medicament", "suicides", "mariages", "maritage", "mourant", "crevet", "creuser", "crevez", "crevette", "crevete", "cravate", "clever", "cover", "scarifies", "tentatives", "harceles", "poignet", "violents", "violent", "boulimie", "anorexie", "mutiles", "harceleur", "harcelent", "vomit", "drones", "drone", "pouvoir", "mouvoir", "mentir", "mincir", "finir", "fuguer", "figuer", "excuser", "exercer", "exclure", "vomi", "carever", "enferme", "fermer", "excision", "precision", "menacer"]
)
_BY_LETTER: dict[str, list[str]] = {}
for _word in _KEYS:
    _BY_LETTER.setdefault(_word[0], []).append(_word)


def plain(text: str) -> str:
    """The text in small plain letters, `|` between sentences, SMS spellings written out. Linear time."""
    if len(text) > CAP:
        text = text[: CAP // 2] + " | " + text[-CAP // 2 :]
    folded = _fold(text)
    folded = _SPACED.sub(lambda run: re.sub(r"[ ._*\-]", "", run[0]), folded)
    folded = _IN_WORD.sub(lambda digit: digit[0].translate(_DIGITS), folded)
    folded = _JOINER.sub(" ", folded)
    folded = _OTHER.sub(" ", _STOP.sub(" | ", folded))
    return " ".join(_word_form(word) for word in folded.split()).replace("c est est", "c est")


def _fold(text: str) -> str:
    text = _FLOOD.sub(r"\1\1", text)
    for picture, word in _PICTURES.items():
        if picture in text:
            text = text.replace(picture, word)
    # invisible characters go first: they split words and hide from NFKC
    kept = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Mn"))
    folded = unicodedata.normalize("NFKC", kept).lower()
    folded = "".join(c for c in unicodedata.normalize("NFD", folded) if unicodedata.category(c) != "Mn")
    return folded.replace("œ", "oe").replace("æ", "ae").translate(_LOOK_ALIKES)


@lru_cache(maxsize=20_000)
def _word_form(word: str) -> str:
    if word in _SMS:
        return _SMS[word]
    word = _REPEAT.sub(r"\1", word)
    if word in _SMS:
        return _SMS[word]
    if short := _SHORT_J.match(word):
        return f"je {short[1]}"
    if short := _SHORT_D.match(word):
        return f"de {short[1]}"
    return _mended(word)


def _mended(word: str) -> str:
    if len(word) < 5 or word in _REAL or word in vocabulary():  # noqa: PLR2004  # shorter words have too many neighbours
        return word
    for key in _BY_LETTER.get(word[0], ()):
        if abs(len(key) - len(word)) <= 1 and len(key) > 5 and OSA.distance(word, key, score_cutoff=1) <= 1:  # noqa: PLR2004
            return key
    return word
