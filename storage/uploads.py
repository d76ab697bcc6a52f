"""Pictures that a person sent, re-encoded by the application and sealed here; they go with their page."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, select

from storage.crypto import new_id
from storage.errors import StorageError
from storage.tables import uploads
from storage.unit_of_work import AnyRow, UnitOfWork

MAXIMUM = 20  # a person


class TooManyUploads(StorageError):  # noqa: N818  # says what happened, like the others
    """The person has as many pictures as may be kept: one must go first."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture; `content` is empty in lists."""

    id: str
    person_id: str
    used_by: str
    media_type: str
    alt: str
    size: int
    created_at: datetime
    content: bytes = field(default=b"", repr=False)


_ADD = insert(uploads)
_COUNT = select(func.count()).select_from(uploads).where(uploads.c.person_id == bindparam("person_id"))
_LISTED = (
    uploads.c.id,
    uploads.c.person_id,
    uploads.c.used_by,
    uploads.c.media_type,
    uploads.c.alt,
    uploads.c.size,
    uploads.c.created_at,
)
_GET = select(*_LISTED, uploads.c.content).where(
    uploads.c.id == bindparam("upload_id"), uploads.c.person_id == bindparam("person_id")
)
_OF_PERSON = (
    select(*_LISTED).where(uploads.c.person_id == bindparam("person_id")).order_by(uploads.c.created_at)
)
_DROP = delete(uploads).where(uploads.c.person_id == bindparam("of_person"))
_DROP_ONE = _DROP.where(uploads.c.id == bindparam("upload_id"))
_DROP_PAGE = _DROP.where(uploads.c.used_by == bindparam("page"))


def add(
    uow: UnitOfWork,
    person_id: str,
    content: bytes,
    media_type: str,
    *,
    used_by: str = "",
    alt: str = "",
    maximum: int = MAXIMUM,
) -> str:
    """Keep a picture: its id. TooManyUploads when the person has `maximum` already. Two statements."""
    if uow.execute(_COUNT, {"person_id": person_id}).scalar_one() >= maximum:
        raise TooManyUploads("no more pictures can be kept for this person")
    upload_id = new_id()
    uow.execute(
        _ADD,
        {
            "id": upload_id,
            "person_id": person_id,
            "used_by": used_by,
            "media_type": media_type,
            "content": uow.box.seal(content),
            "alt": uow.box.seal(alt.encode()),
            "size": len(content),
            "created_at": uow.now,
        },
    )
    return upload_id


def get(uow: UnitOfWork, upload_id: str, person_id: str) -> Upload | None:
    """The picture, if it is this person's."""
    row = uow.execute(_GET, {"upload_id": upload_id, "person_id": person_id}).first()
    if row is None:
        return None
    return _upload(uow, row, uow.box.open(row.content))


def of_person(uow: UnitOfWork, person_id: str) -> list[Upload]:
    """A person's pictures, oldest first, without their content."""
    return [_upload(uow, row) for row in uow.execute(_OF_PERSON, {"person_id": person_id})]


def discard(uow: UnitOfWork, person_id: str, upload_id: str) -> bool:
    """Erase one picture; whether there was one."""
    return uow.execute(_DROP_ONE, {"of_person": person_id, "upload_id": upload_id}).rowcount == 1


def discard_page(uow: UnitOfWork, person_id: str, used_by: str) -> int:
    """Erase the pictures of a page; how many."""
    return uow.execute(_DROP_PAGE, {"of_person": person_id, "page": used_by}).rowcount


def _upload(uow: UnitOfWork, row: AnyRow, content: bytes = b"") -> Upload:
    alt = uow.box.open(row.alt).decode()
    return Upload(row.id, row.person_id, row.used_by, row.media_type, alt, row.size, row.created_at, content)
