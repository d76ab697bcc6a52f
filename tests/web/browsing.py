"""A browser without script for tests: opens pages, reads their forms, presses buttons by label, keeps cookies."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import count
from typing import Any

import httpx

HERE = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Form:
    """A form of a page: what it sends by itself, and its buttons (label, name, value)."""

    action: str
    id: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    ticks: list[tuple[str, str, str]] = field(default_factory=list)


class Page(HTMLParser):
    """What a test looks at in a page: its words, its forms, its links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.words = ""
        self._form: Form | None = None
        self._button: tuple[str, str] | None = None
        self._label = ""
        self._area: str | None = None
        self._tick: tuple[str, str] | None = None
        self.feed(html.replace("\u00a0", " "))  # where a line may break is not what these tests look at

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(had.get("action", ""), had.get("id", ""))
            self.forms.append(self._form)
        elif tag == "a":
            self.links.append(had.get("href", ""))
        elif tag == "button":
            self._button, self._label = (had.get("name", ""), had.get("value", "")), ""
        elif tag == "textarea":
            self._area = had.get("name", "")
            if self._form is not None and self._area:
                self._form.fields[self._area] = ""
        elif tag == "input":
            owner = self._form
            self._form = next((form for form in self.forms if form.id and form.id == had.get("form")), owner)
            if self._form is not None:
                self._input(had)
            self._form = owner

    def _input(self, had: dict[str, str]) -> None:
        assert self._form is not None
        if had.get("type") in ("checkbox", "radio"):
            self._tick, self._label = (had["name"], had.get("value", "on")), ""
        elif had.get("type") != "file" and had.get("name"):
            self._form.fields[had["name"]] = had.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = None
        elif tag == "button" and self._button is not None:
            if self._form is not None:
                self._form.buttons.append((" ".join(self._label.split()), *self._button))
            self._button = None
        elif tag == "label" and self._tick is not None:
            if self._form is not None:
                self._form.ticks.append((" ".join(self._label.split()), *self._tick))
            self._tick = None

    def handle_data(self, data: str) -> None:
        if self._area is not None and self._form is not None and self._area:
            self._form.fields[self._area] += data
        self._label += data
        self.words += data

    def form(self, action: str) -> Form:
        """The form that posts there. AssertionError when there is none."""
        found = [form for form in self.forms if form.action.split("#")[0] == action]
        assert found, f"no form to {action} among {[form.action for form in self.forms]}"
        return found[0]

    @property
    def chat(self) -> Form:
        """The form of the conversation."""
        return self.form("/chat")

    @property
    def labels(self) -> list[str]:
        """The labels of the buttons of the step."""
        return [label for label, name, _value in self.chat.buttons if name == "pick"]


class Browser:
    """One browser: its cookies, and the page that it shows."""

    def __init__(self, app: Any, base: str = "http://127.0.0.1:8000") -> None:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url=base, follow_redirects=True)
        self.response: httpx.Response = httpx.Response(200)
        self.page = Page("")
        self._number = count()

    async def open(self, path: str) -> Page:
        """Go to an address."""
        return self._shown(await self.client.get(path, headers={"Sec-Fetch-Site": "none"}))

    async def post(self, path: str, fields: dict[str, Any], **more: Any) -> Page:
        """Send a form."""
        return self._shown(await self.client.post(path, data=fields, headers=HERE, **more))

    def _shown(self, response: httpx.Response) -> Page:
        self.response = response
        self.page = Page(response.text if "html" in response.headers.get("content-type", "") else "")
        return self.page

    async def type(self, text: str, **fields: str) -> Page:
        """Type words and send them."""
        return await self.post("/chat", {**self.page.chat.fields, "text": text, "send": "1", **fields})

    async def press(self, label: str, **fields: str) -> Page:
        """Press a button of the step, or one of the words that are always there."""
        found = [(name, value) for text, name, value in self.page.chat.buttons if text == label]
        assert found, f"{label} not among {[text for text, *_ in self.page.chat.buttons]}"
        name, value = found[0]
        return await self.post("/chat", {**self.page.chat.fields, name: value, **fields})

    async def upload(self, content: bytes, name: str = "photo.jpg") -> Page:
        """Send a picture."""
        return await self.post(
            "/chat", {**self.page.chat.fields, "send": "1"}, files={"file": (name, content, "image/jpeg")}
        )

    async def ask(self, fields: dict[str, Any], key: str = "") -> dict[str, Any]:
        """Send to the conversation as the script does, and read what comes back."""
        sent = {**self.page.chat.fields, "key": key or f"s{next(self._number)}", **fields}
        self.response = await self.client.post("/chat", data=sent, headers={**HERE, "X-Boussole": "1"})
        answer: dict[str, Any] = self.response.json()
        return answer

    async def enrol_up_to_consent(self, name: str = "Lou", age: str = "13 à 15 ans") -> Page:
        """From hello to the question whether answers may be kept."""
        await self.open("/chat")
        return await self.go_on_to_consent(name, age)

    async def go_on_to_consent(self, name: str = "Lou", age: str = "13 à 15 ans") -> Page:
        """From the first question to that one."""
        for step in (age, name, "Sans préciser", "Textes normaux", "3e"):
            if step in self.page.labels:
                await self.press(step)
            else:
                await self.type(step)
        return self.page

    async def enrol(self, name: str = "Lou", age: str = "13 à 15 ans") -> Page:
        """From hello to « d'accord »."""
        await self.enrol_up_to_consent(name, age)
        return await self.press("D'accord")

    def value_of(self, label: str) -> str:
        """What the button of the step with that label sends."""
        return next(value for text, name, value in self.page.chat.buttons if name == "pick" and text == label)

    @property
    def cookie(self) -> str | None:
        """The cookie of the session, if there is one."""
        return next((value for name, value in self.client.cookies.items() if "boussole" in name), None)
