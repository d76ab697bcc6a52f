"""The stand-in of a push service refuses what a real one refuses."""

import base64
import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.platforms.push_service import PushService

NOW = datetime(2026, 10, 7, 14, 0, tzinfo=UTC)
KEY = ec.generate_private_key(ec.SECP256R1())


def plain(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def ticket(service: PushService, signer: ec.EllipticCurvePrivateKey = KEY, **claims: object) -> str:
    """An authorization, made by hand."""
    told = {
        "aud": f"https://{service.host}",
        "exp": int((NOW + timedelta(hours=1)).timestamp()),
        "sub": "https://a.be",
    }
    parts = [
        plain(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, {**told, **claims})
    ]
    r, s = decode_dss_signature(signer.sign(".".join(parts).encode(), ec.ECDSA(hashes.SHA256())))
    signature = plain(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    point = KEY.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return f"vapid t={'.'.join([*parts, signature])}, k={plain(point)}"


async def post(
    service: PushService, authorization: str, *, body: bytes = b"", path: str = "", **headers: str
) -> int:
    sent = {"TTL": "60", "Authorization": authorization, **headers}
    async with httpx.AsyncClient(verify=service.context) as client:
        answer = await client.post(path or service.browser(), headers=sent, content=body)
    return answer.status_code


async def test_a_good_request_passes():
    async with PushService(lambda: NOW) as service:
        assert await post(service, ticket(service)) == 201
        assert [one.problem for one in service.received] == [""]


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://push.example"},
        {"exp": int((NOW - timedelta(minutes=1)).timestamp())},
        {"exp": int((NOW + timedelta(days=2)).timestamp())},
        {"sub": ""},
    ],
)
async def test_a_ticket_with_a_wrong_claim_is_refused(claims):
    async with PushService(lambda: NOW) as service:
        assert await post(service, ticket(service, **claims)) == 403


async def test_a_ticket_that_somebody_else_signed_is_refused():
    async with PushService(lambda: NOW) as service:
        assert await post(service, ticket(service, ec.generate_private_key(ec.SECP256R1()))) == 403


async def test_another_key_than_the_browser_was_told_is_refused():
    async with PushService(lambda: NOW, key="B" * 87) as service:
        assert await post(service, ticket(service)) == 403


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"TTL": ""}, b"", 400),
        ({"Topic": "trop de mots"}, b"", 400),
        ({"Urgency": "now"}, b"", 400),
        ({}, b"in the clear", 400),
        ({}, b"x" * 5_000, 413),
    ],
)
async def test_what_a_push_service_does_not_take_is_refused(headers, body, status):
    async with PushService(lambda: NOW) as service:
        assert await post(service, ticket(service), body=body, **headers) == status


async def test_a_browser_that_nobody_knows_is_not_found():
    async with PushService(lambda: NOW) as service:
        assert await post(service, ticket(service), path=f"https://{service.host}/push/x") == 404
