"""The way from the event loop to the threads in which turns run."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from bot.application.services import Services
from storage.unit_of_work import UnitOfWork

Result = TypeVar("Result")


async def writing(services: Services, work: Callable[[UnitOfWork], Result]) -> Result:
    """The result of `work` in a transaction of its own."""

    def inside() -> Result:
        with services.database.begin() as uow:
            return work(uow)

    return await in_thread(services, inside)


async def in_thread(services: Services, work: Callable[[], Result]) -> Result:
    """The result of `work`, run where the database may be used."""
    return await asyncio.get_running_loop().run_in_executor(services.executor, work)
