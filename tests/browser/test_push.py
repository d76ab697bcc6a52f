"""Signals on a device, in a real Chromium with the real worker; its push service is a stand-in, since the real ones are out of reach."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

from bot.application import reminders
from bot.application.pace import Pace
from bot.application.sending import Sender
from bot.application.services import Services
from bot.channels import push_key
from bot.channels.push import Push
from storage import agenda, conversations, pushes
from storage.outbox import State
from storage.tables import sessions
from tests.bot.phone import queue, until
from tests.browser.gallery import PHONE
from tests.browser.test_access import agree, faults
from tests.platforms.push_service import PushService
from tests.platforms.threads import served
from tests.support.browser import tap
from tests.support.databases import Clock

pytestmark = pytest.mark.browser

SAID = "Boussole : il y a du nouveau pour toi."
# What Chromium cannot do without its maker's service: the address and what is remembered of it. All else is real.
STAND_IN = """
(() => {
  let now = sessionStorage.getItem('essai');
  const subscription = options => ({
    endpoint: now, options, unsubscribe: async () => { now = null; sessionStorage.removeItem('essai'); return true; },
  });
  PushManager.prototype.subscribe = async function (options) {
    window.asked = [...new Uint8Array(options.applicationServerKey)];
    if (!options.userVisibleOnly || Notification.permission !== 'granted') throw new DOMException('no', 'NotAllowedError');
    now = now || '%s';
    sessionStorage.setItem('essai', now);
    return subscription(options);
  };
  PushManager.prototype.getSubscription = async () => now ? subscription({ applicationServerKey: window.older }) : null;
})();
"""


@pytest.fixture
def service(services: Services, clock: Clock, tmp_path: Path) -> Iterator[PushService]:
    services.settings.push_key_file = tmp_path / "push"
    push_key.make(tmp_path / "push")
    key = push_key.load(services.settings)
    assert key is not None
    with served(PushService(clock, key.public)) as made:
        services.settings.push_hosts = (made.host,)
        yield made


@pytest.fixture
def endpoint(service: PushService) -> str:
    return service.browser()


@pytest.fixture
def context(browser: Browser, service: PushService, endpoint: str, site: str) -> Iterator[BrowserContext]:
    """A telephone with a push service; `service` comes first, so that the site knows its key."""
    assert service.port
    made = browser.new_context(viewport=PHONE, locale="fr-BE", base_url=site, permissions=["notifications"])
    made.add_init_script(STAND_IN % endpoint)
    yield made
    made.close()


@pytest.fixture
def phone(context: BrowserContext) -> Page:
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.goto("/")
    return page


def say_yes_to_reminders(page: Page) -> None:
    agree(page)
    page.get_by_role("button", name="Le mien").or_(page.get_by_role("button", name="À moi")).first.click()
    for label in ("Mes cartes finies", "Moi, avec de l'aide", "Mercredi après-midi"):
        tap(page, label)


def person_of(services: Services) -> str:
    with services.database.read() as uow:
        return str(uow.connection.execute(sessions.select()).first().person_id)  # type: ignore[union-attr]


def kept(services: Services, person: str) -> list[str]:
    with services.database.read() as uow:
        return [one.endpoint for one in pushes.of_person(uow, person)]


def remind(services: Services, clock: Clock) -> None:
    """A planned step is due, a while after they left."""
    person = person_of(services)
    with services.database.begin() as uow:
        conversations.note(
            uow, person, {"action.list": [{"first_step": "appeler l'école", "due": "2026-10-08"}]}
        )
        agenda.plan(
            uow, "action_due", f"action:{person}", person, datetime(2026, 10, 8, 17), occurrence="0",  # noqa: DTZ001
            body={"due": "2026-10-08"},
        )  # fmt: skip
    clock.now = datetime(2026, 10, 8, 15, 0, tzinfo=UTC)
    assert services.executor.submit(reminders.send_due, services).result() == 1


def deliver(services: Services, service: PushService) -> None:
    """Let the site's own sender work until nothing waits."""
    key = push_key.load(services.settings)
    assert key is not None
    channel = Push(services, key, service.context)

    async def send() -> None:
        sender = Sender(services, channel, Pace(1_000, 0.0), "essai")
        running = asyncio.create_task(sender.run())
        await until(lambda: all(row.state is State.SENT for row in queue(services, "push")))
        await sender.stop()
        await running

    with ThreadPoolExecutor(1) as apart:  # the browser's tools hold the loop of this thread
        apart.submit(asyncio.run, send()).result(10)


def notes(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        "navigator.serviceWorker.getRegistration('/')"
        ".then(one => one ? one.getNotifications() : []).then(all => all.map(one => one.title))"
    )
    return found


class Worker:
    """The real service worker, as the browser's own tools reach it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.tools: CDPSession = page.context.new_cdp_session(page)
        self.registrations: list[str] = []
        self.tools.on("ServiceWorker.workerRegistrationUpdated", self._seen)
        self.tools.send("ServiceWorker.enable")

    def _seen(self, event: dict[str, list[dict[str, object]]]) -> None:
        self.registrations += [
            str(one["registrationId"]) for one in event["registrations"] if not one["isDeleted"]
        ]

    def receive(self, data: str = "") -> None:
        """A signal arrives, as from a push service."""
        for _ in range(100):
            if self.registrations:
                break
            self.page.wait_for_timeout(20)
        origin = self.page.evaluate("location.origin")
        self.tools.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": origin, "registrationId": self.registrations[-1], "data": data},
        )


def wait_for_note(page: Page) -> None:
    for _ in range(100):
        if notes(page):
            return
        page.wait_for_timeout(50)
    raise AssertionError("no notification")


def test_from_the_button_to_the_notification(
    phone: Page, services: Services, service: PushService, endpoint: str, clock: Clock
) -> None:
    phone.goto("/chat")
    expect(phone.locator("#push")).to_be_hidden()  # a visit
    say_yes_to_reminders(phone)
    expect(phone.get_by_role("heading", name="Un signe sur cet appareil")).to_be_visible()
    assert kept(services, person_of(services)) == []

    phone.get_by_role("button", name="Fais-moi signe").click()
    expect(phone.locator("[data-push-said]")).to_have_text("C’est allumé.")
    assert kept(services, person_of(services)) == [endpoint]
    worker = Worker(phone)
    phone.goto("/aide")

    remind(services, clock)
    deliver(services, service)
    assert service.woken(endpoint) == 1
    (got,) = service.received
    assert (got.problem, got.body) == ("", b"")

    worker.receive()
    wait_for_note(phone)
    assert notes(phone) == [SAID]
    worker.receive("quelque chose d'autre")
    phone.wait_for_timeout(300)
    assert notes(phone) == [SAID]  # a second one replaces the first, and nothing that came with it is shown

    click(phone)
    opened = next(page for page in phone.context.pages if page.url.endswith("/chat"))
    expect(opened.locator("#log")).to_contain_text("appeler l'école")
    assert notes(phone) == []


def click(page: Page) -> None:
    """What a touch on the notification does: the worker's own handler, on the notification on show."""
    worker = page.context.service_workers[0]
    before = len(page.context.pages)
    worker.evaluate(
        """async () => {
          const [notification] = await self.registration.getNotifications();
          const opened = self.clients.openWindow;
          self.clients.openWindow = url => { self.opens = url; return Promise.resolve(null); };
          const event = new NotificationEvent('notificationclick', { notification });
          self.dispatchEvent(event);
          await new Promise(done => setTimeout(done, 200));
          self.clients.openWindow = opened;
        }"""
    )
    assert worker.evaluate("self.opens") == "/chat"
    page.goto("/chat")
    assert len(page.context.pages) == before


def test_the_public_key_is_what_the_browser_is_asked_with(phone: Page, services: Services) -> None:
    agree(phone)
    phone.goto("/mes-donnees")
    phone.get_by_role("button", name="Fais-moi signe").click()
    expect(phone.locator("[data-push-said]")).to_have_text("C’est allumé.")

    asked = phone.evaluate("window.asked")
    assert (len(asked), asked[0]) == (65, 4)  # an uncompressed point
    key = push_key.load(services.settings)
    assert key is not None
    assert phone.locator("#push").get_attribute("data-key") == key.public


def test_no_thanks_is_heard_until_asked_for_in_my_data(phone: Page) -> None:
    say_yes_to_reminders(phone)
    phone.get_by_role("button", name="Non merci").click()
    expect(phone.locator("#push")).to_be_hidden()

    phone.goto("/chat")
    phone.wait_for_load_state("networkidle")
    expect(phone.locator("#push")).to_be_hidden()
    phone.goto("/mes-donnees")
    expect(phone.get_by_role("button", name="Fais-moi signe")).to_be_visible()


def test_whoever_goes_on_talking_is_left_in_peace(phone: Page) -> None:
    say_yes_to_reminders(phone)
    expect(phone.locator("#push")).to_be_visible()

    phone.locator("#screen button").first.click()

    expect(phone.locator("#push")).to_be_hidden()


def test_off_is_as_easy_as_on(phone: Page, services: Services, endpoint: str) -> None:
    agree(phone)
    phone.goto("/mes-donnees")
    phone.get_by_role("button", name="Fais-moi signe").click()
    expect(phone.locator("[data-push-said]")).to_have_text("C’est allumé.")
    phone.reload()
    expect(phone.get_by_role("button", name="Ne plus me faire signe ici")).to_be_visible()
    assert kept(services, person_of(services)) == [endpoint]

    phone.get_by_role("button", name="Ne plus me faire signe ici").click()

    expect(phone.locator("[data-push-said]")).to_have_text("C’est éteint.")
    assert kept(services, person_of(services)) == []
    phone.reload()
    expect(phone.get_by_role("button", name="Fais-moi signe")).to_be_visible()


def test_leaving_the_device_ends_it_here_and_at_the_centre(
    phone: Page, services: Services, endpoint: str
) -> None:
    agree(phone)
    phone.goto("/mes-donnees")
    phone.get_by_role("button", name="Fais-moi signe").click()
    expect(phone.locator("[data-push-said]")).to_have_text("C’est allumé.")
    person = person_of(services)
    Worker(phone).receive()
    wait_for_note(phone)

    phone.get_by_role("button", name="Quitter cet appareil").click()

    phone.wait_for_url("**/quitte")
    phone.wait_for_function("navigator.serviceWorker.getRegistration('/').then(one => !one)")
    assert phone.evaluate("sessionStorage.getItem('essai')") is None
    assert kept(services, person) == []
    assert endpoint


def test_a_device_that_turns_out_to_be_shared_is_woken_no_more(
    phone: Page, services: Services, endpoint: str
) -> None:
    agree(phone)
    phone.evaluate("one => sessionStorage.setItem('essai', one)", endpoint)
    phone.evaluate("navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready)")
    person = person_of(services)
    with services.database.begin() as uow:
        pushes.put(uow, person, endpoint)

    phone.get_by_role("button", name="Partagé").click()

    phone.wait_for_selector("body[data-shared]")
    phone.wait_for_function("sessionStorage.getItem('essai') === null")
    phone.wait_for_load_state("networkidle")
    assert kept(services, person) == []


def test_what_the_centre_has_forgotten_is_shown_as_off(phone: Page, services: Services) -> None:
    agree(phone)
    phone.goto("/mes-donnees")
    phone.get_by_role("button", name="Fais-moi signe").click()
    expect(phone.locator("[data-push-said]")).to_have_text("C’est allumé.")
    with services.database.begin() as uow:
        pushes.forget_all(uow, person_of(services))

    phone.reload()

    expect(phone.get_by_role("button", name="Fais-moi signe")).to_be_visible()
    assert phone.evaluate("sessionStorage.getItem('essai')") is None


def test_a_sign_of_an_older_key_is_ended_and_offered_anew(phone: Page, services: Services) -> None:
    agree(phone)
    phone.goto("/mes-donnees")
    phone.get_by_role("button", name="Fais-moi signe").click()
    expect(phone.locator("[data-push-said]")).to_have_text("C’est allumé.")
    phone.add_init_script("window.older = new Uint8Array(65).buffer;")

    phone.reload()

    expect(phone.get_by_role("button", name="Fais-moi signe")).to_be_visible()
    phone.wait_for_load_state("networkidle")
    assert phone.evaluate("sessionStorage.getItem('essai')") is None
    assert kept(services, person_of(services)) == []


def test_a_browser_that_says_no_is_told_how_to_change_its_mind(
    browser: Browser, service: PushService, endpoint: str, site: str, services: Services
) -> None:
    assert service.port
    context = browser.new_context(viewport=PHONE, locale="fr-BE", base_url=site)
    context.add_init_script(STAND_IN % endpoint)
    context.add_init_script("Object.defineProperty(Notification, 'permission', { get: () => 'denied' });")
    page = context.new_page()
    page.goto("/")
    say_yes_to_reminders(page)
    page.wait_for_load_state("networkidle")
    expect(page.locator("#push")).to_be_hidden()  # not in the conversation: they said no once

    page.goto("/mes-donnees")

    expect(page.locator("#push")).to_contain_text("Ton navigateur bloque les signes")
    expect(page.get_by_role("button", name="Fais-moi signe")).to_be_hidden()
    assert kept(services, person_of(services)) == []
    context.close()


def test_a_lost_network_changes_nothing_and_says_so(phone: Page, services: Services) -> None:
    agree(phone)
    phone.goto("/mes-donnees")
    expect(phone.get_by_role("button", name="Fais-moi signe")).to_be_visible()
    phone.route("**/push/abonner", lambda route: route.abort())

    phone.get_by_role("button", name="Fais-moi signe").click()

    expect(phone.locator("[data-push-said]")).to_contain_text("tu peux réessayer")
    assert phone.evaluate("sessionStorage.getItem('essai')") is None
    assert kept(services, person_of(services)) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(phone: Page, scheme: str) -> None:
    phone.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    phone.set_viewport_size({"width": 360, "height": 2_000})
    problems: list[str] = []
    phone.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    say_yes_to_reminders(phone)
    expect(phone.locator("#push")).to_be_visible()
    found = faults(phone)
    phone.goto("/mes-donnees")
    expect(phone.locator("#push")).to_be_visible()
    found += faults(phone)
    phone.get_by_role("button", name="Fais-moi signe").click()
    expect(phone.locator("[data-push-said]")).to_have_text("C’est allumé.")
    found += faults(phone)

    assert found == []
    assert problems == []
