"""django-hordak in a process of its own: Django's settings are one for a process, and Teneur needs none."""

import contextlib
import logging
import multiprocessing
import random
import threading
import time
from multiprocessing.connection import Connection
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from teneur.bench.errors import BenchError

ACCOUNTS = 1_000
AMOUNT_MOST_MINOR = 300_00
_READY_SECONDS = 300


class HordakProcess:
    """Clients of django-hordak, each a thread with its own connection, as under a threaded server."""

    def __init__(self, url: str, *, prepare: bool) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, url, prepare), daemon=True)
        self._process.start()
        theirs.close()
        self.answer()

    def ask(self, clients: int, seconds: float) -> None:
        """Transfer with so many clients for so long."""
        self._pipe.send((clients, seconds))

    def answer(self) -> int:
        """Transfers made. Raises BenchError if the process failed."""
        if not self._pipe.poll(_READY_SECONDS):
            raise BenchError("django-hordak does not answer: look for errors above")
        try:
            said = self._pipe.recv()
        except EOFError:
            raise BenchError("django-hordak ended early: look for errors above") from None
        if isinstance(said, str):
            raise BenchError(f"django-hordak failed: {said}")
        return int(said)

    def close(self) -> None:
        """End the process, connections and all."""
        with contextlib.suppress(OSError):  # it has ended by itself
            self._pipe.send((0, 0.0))
        self._process.join(10)
        if self._process.is_alive():
            self._process.kill()


def _serve(pipe: Connection, url: str, prepare: bool) -> None:
    """The life of the process: set up, then transfer when asked to."""
    try:
        _set_up(url, prepare=prepare)
        from hordak.models import Account  # noqa: PLC0415 (needs the settings)

        accounts = list(Account.objects.all())
        pipe.send(0)
        while True:
            clients, seconds = pipe.recv()
            if not clients:
                return
            pipe.send(_transfer(accounts, clients, seconds))
    except Exception as error:
        pipe.send(repr(error))
        raise


def _set_up(url: str, *, prepare: bool) -> None:
    import django  # noqa: PLC0415 (a bench-only dependency)
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    address = conninfo_to_dict(url)
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "mptt", "hordak"],
        DATABASES={"default": {
            "ENGINE": "django.db.backends.postgresql", "NAME": address["dbname"], "USER": address["user"],
            "PASSWORD": address.get("password", ""), "HOST": address.get("host", ""),
            "PORT": str(address.get("port", "")), "CONN_MAX_AGE": None,
            "OPTIONS": {"options": address["options"]},
        }},
        DEFAULT_CURRENCY="EUR", CURRENCIES=["EUR"], USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )  # fmt: skip
    logging.disable(logging.CRITICAL)
    django.setup()
    if prepare:
        call_command("migrate", verbosity=0)
        from hordak.models import Account, AccountType  # noqa: PLC0415

        for number in range(ACCOUNTS):
            Account.objects.create(
                name=f"Account {number}", type=AccountType.liability, code=str(number), currencies=["EUR"]
            )


def _transfer(accounts: list[Any], clients: int, seconds: float) -> int:
    done = [0] * clients
    failures: list[BaseException] = []

    def client(number: int) -> None:
        try:
            done[number] = _client(accounts, seconds)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return sum(done)


def _client(accounts: list[Any], seconds: float) -> int:
    """One transfer after the other, each durable before the next."""
    from django.db import connection, transaction  # noqa: PLC0415
    from moneyed import Money  # noqa: PLC0415

    draw = random.Random()  # noqa: S311 (test data)
    end = time.perf_counter() + seconds
    count = 0
    while time.perf_counter() < end:
        payer, payee = draw.sample(accounts, 2)
        with transaction.atomic():
            payer.transfer_to(
                payee, Money(draw.randint(1, AMOUNT_MOST_MINOR), "EUR") / 100, description="Loyer mai 2026"
            )
        count += 1
    connection.close()
    return count
