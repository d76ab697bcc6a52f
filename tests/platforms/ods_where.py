"""The part of the query language of Opendatasoft (ODSQL, Explore v2.1) that the stand-in understands: where, order, select."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.platforms.ods_words import Row, all_words, everything, fuzzy, ordered, prefixes, texts, values

Test = Callable[[Row], bool]
ORDERED = {"date", "datetime", "int", "double"}  # types that < and > compare


class OdsqlError(Exception):
    """The query is malformed; the message is the one of the portal."""

    def __init__(self, what: str) -> None:
        super().__init__(f"ODSQL query is malformed: {what}")


@dataclass(frozen=True)
class Token:
    """A piece of a query: kind is word, string, number, date or sign."""

    kind: str
    text: str


_TOKEN = re.compile(
    r"""\s*(?:
    (?P<date>date\s*(?:'[^']*'|"[^"]*"))
    |(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
    |(?P<number>-?\d+(?:\.\d+)?(?!\w))
    |(?P<word>`[^`]+`|[A-Za-z_]\w*)
    |(?P<sign>>=|<=|!=|<>|\.\.|[=<>:(),\[\]*])
    )""",
    re.VERBOSE | re.IGNORECASE,
)


def tokens(query: str) -> list[Token]:
    """The pieces of a query."""
    found, at = [], 0
    query = query.rstrip()
    while at < len(query):
        match = _TOKEN.match(query, at)
        if match is None:
            raise OdsqlError(f"Syntax error near {query[at : at + 12].strip()!r}")
        kind = str(match.lastgroup)
        found.append(Token(kind, _value(kind, match[kind])))
        at = match.end()
    return found


def _value(kind: str, text: str) -> str:
    if kind == "string":
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    if kind == "date":
        return text[4:].strip()[1:-1].replace("/", "-")
    return text.strip("`") if kind == "word" else text


def where(query: str, types: Mapping[str, str]) -> Test:
    """What a where clause asks of a row. `types` are those of the fields."""
    parser = _Parser(tokens(query), types)
    test = parser.either()
    parser.end()
    return test


def order_by(rows: list[Row], clause: str, types: Mapping[str, str]) -> list[Row]:
    """Rows in order; nulls always last."""
    for part in reversed([part.split() for part in clause.split(",") if part.strip()]):
        name = part[0]
        _known(name, types)
        down = len(part) > 1 and part[1].lower() == "desc"
        there = [row for row in rows if row.get(name) is not None]
        there.sort(key=lambda row: row[name], reverse=down)
        rows = there + [row for row in rows if row.get(name) is None]
    return rows


def select(clause: str, types: Mapping[str, str]) -> list[tuple[str, str]]:
    """Fields and the names that they are given."""
    if clause.strip() in ("", "*"):
        return [(name, name) for name in types]
    found = []
    for part in clause.split(","):
        match = re.fullmatch(r"\s*`?(\w+)`?(?:\s+as\s+`?(\w+)`?)?\s*", part, re.IGNORECASE)
        if match is None:
            called = re.match(r"\s*(\w+)\s*\(", part)
            raise OdsqlError(
                f"{called[1]}() Clause(s) containing the error(s): select." if called else "select."
            )
        _known(match[1], types)
        found.append((match[1], match[2] or match[1]))
    return found


def _known(name: str, types: Mapping[str, str]) -> None:
    if name not in types:
        raise OdsqlError(f"Unknown field: {name}")


class _Parser:
    """By descent: OR, AND, NOT, then one condition."""

    def __init__(self, found: Sequence[Token], types: Mapping[str, str]) -> None:
        self._tokens, self._types, self._at = found, types, 0

    def end(self) -> None:
        """Nothing may be left."""
        if self._at < len(self._tokens):
            raise OdsqlError(f"Unexpected {self._tokens[self._at].text!r}")

    def either(self) -> Test:
        parts = [self._both()]
        while self._word("or"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else lambda row: any(part(row) for part in parts)

    def _both(self) -> Test:
        parts = [self._not()]
        while self._word("and"):
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else lambda row: all(part(row) for part in parts)

    def _not(self) -> Test:
        if self._word("not"):
            inner = self._not()
            return lambda row: not inner(row)
        if self._sign("("):
            inside = self.either()
            self._need(")")
            return inside
        return self._condition()

    def _condition(self) -> Test:
        token = self._next()
        if token.kind == "string":
            if self._word("in"):
                name = self._field(self._next())
                return lambda row: token.text in values(row, name)
            return lambda row: all_words(token.text, everything(row))
        if token.kind != "word":
            raise OdsqlError(f"Unexpected {token.text!r}")
        if self._sign("("):
            return self._function(token.text.lower())
        return self._comparison(self._field(token))

    def _function(self, name: str) -> Test:
        arguments = [self._next()]
        while self._sign(","):
            arguments.append(self._next())
        self._need(")")
        if name not in ("search", "suggest", "startswith"):
            raise OdsqlError(f"{name}() Clause(s) containing the error(s): where.")
        *fields, said = arguments
        if said.kind != "string":
            raise OdsqlError(f"{name}() expects a text.")
        names = [one.text if one.text == "*" else self._field(one) for one in fields] or ["*"]
        if name == "startswith":
            return lambda row: any(value.startswith(said.text) for value in texts(row, names))
        matches = fuzzy if name == "search" else prefixes
        return lambda row: matches(said.text, " ".join(texts(row, names)))

    def _comparison(self, name: str) -> Test:
        if self._word("is"):
            wanted = not self._word("not")
            if not self._word("null"):
                raise OdsqlError("null is expected after is.")
            return lambda row: (not values(row, name)) is wanted
        if self._word("like"):
            said = self._next().text
            return lambda row: all_words(said, " ".join(texts(row, [name])))
        if self._word("in"):
            return self._range(name) if self._sign("[") else self._list(name)
        sign = self._next().text
        if sign == ":":
            return self._range(name) if self._sign("[") else self._compare("=", name, self._literal())
        return self._compare(sign, name, self._literal())

    def _compare(self, sign: str, name: str, wanted: Any) -> Test:
        match sign:
            case "=":
                return lambda row: wanted in values(row, name)
            case "!=" | "<>":
                return lambda row: bool(values(row, name)) and wanted not in values(row, name)
            case ">" | "<" | ">=" | "<=":
                if self._types[name] not in ORDERED:
                    raise OdsqlError(f"{sign} cannot compare the field {name}.")
                return lambda row: any(ordered(sign, value, wanted) for value in values(row, name))
            case _:
                raise OdsqlError(f"Unexpected {sign!r}")

    def _list(self, name: str) -> Test:
        self._need("(")
        wanted = [self._literal()]
        while self._sign(","):
            wanted.append(self._literal())
        self._need(")")
        return lambda row: any(value in wanted for value in values(row, name))

    def _range(self, name: str) -> Test:
        first = self._literal()
        if not (self._sign("..") or self._word("to")):
            raise OdsqlError("a range needs two ends.")
        last = self._literal()
        self._need("]")
        return lambda row: any(ordered(">=", v, first) and ordered("<=", v, last) for v in values(row, name))

    # ------------------------------------------------------------ tokens

    def _field(self, token: Token) -> str:
        _known(token.text, self._types)
        return token.text

    def _literal(self) -> Any:
        token = self._next()
        if token.kind == "number":
            return float(token.text) if "." in token.text else int(token.text)
        if token.kind == "word":
            if token.text.lower() not in ("true", "false"):
                raise OdsqlError(f"Unexpected {token.text!r}")
            return token.text.lower() == "true"
        if token.kind == "sign":
            raise OdsqlError(f"Unexpected {token.text!r}")
        return token.text

    def _next(self) -> Token:
        if self._at >= len(self._tokens):
            raise OdsqlError("Unexpected end.")
        self._at += 1
        return self._tokens[self._at - 1]

    def _word(self, text: str) -> bool:
        return self._accept("word", text)

    def _sign(self, text: str) -> bool:
        return self._accept("sign", text)

    def _accept(self, kind: str, text: str) -> bool:
        if self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.kind == kind and token.text.lower() == text:
                self._at += 1
                return True
        return False

    def _need(self, sign: str) -> None:
        if not self._sign(sign):
            raise OdsqlError(f"{sign!r} is missing.")
