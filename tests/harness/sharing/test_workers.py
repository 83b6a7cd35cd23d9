"""`crossbook up --store`: real processes, one of which is killed while clients book."""

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
from collections import Counter
from pathlib import Path

import psycopg
import pytest

from .serving import Booker, serve


def held(url: str) -> Counter[tuple[str, str]]:
    """Appointments and their slots, as the database has them."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT a.id, slot FROM appointments a, unnest(a.slot_ids) slot WHERE status <> 'cancelled'"
        )
        return Counter((appointment, slot) for appointment, slot in rows)


async def test_no_booking_is_lost_or_doubled_when_a_worker_is_killed_while_clients_book(
    postgres_url: str, tmp_path: Path
) -> None:
    async with serve(postgres_url, tmp_path, "--workers", "2") as served:
        first, _ = await served.workers()
        bookers = [Booker(served.base, random.Random(n)) for n in range(6)]
        working = [asyncio.create_task(booker.work(12)) for booker in bookers]
        while sum(len(booker.booked) for booker in bookers) < 20:
            await asyncio.sleep(0.01)
        os.kill(first, signal.SIGKILL)
        await asyncio.gather(*working)
        await served.says("was killed by signal 9")
        await served.says("worker 1 serves again")
    told = {(appointment, slot) for booker in bookers for appointment, slot in booker.booked.items()}
    in_doubt = {slot for booker in bookers for slot in booker.in_doubt}
    stored = held(postgres_url)
    assert len(told) == 6 * 12
    assert told <= stored.keys()
    assert {slot for _, slot in stored.keys() - told} <= in_doubt
    assert set(Counter(slot for _, slot in stored).values()) == {1}


async def test_a_world_of_a_store_goes_on_where_it_was_left(postgres_url: str, tmp_path: Path) -> None:
    booker = Booker("", random.Random(1))
    for goal in (1, 2):
        async with serve(postgres_url, tmp_path, "--workers", "1") as served:
            await served.workers()
            booker.base = served.base
            await booker.work(goal)
    assert set(held(postgres_url)) == set(booker.booked.items())


def up(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "harness.cli", "up", "--port", "0", *options], capture_output=True, text=True, timeout=60
    )


def a_closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def test_a_store_that_is_no_address_is_told_in_one_line() -> None:
    ended = up("--store", "postgresql:/nowhere")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.count("\n") == 1
    assert "expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE" in ended.stderr


def test_a_store_that_does_not_answer_is_told_in_one_line_without_its_password() -> None:
    ended = up("--store", f"postgresql://me:secret@127.0.0.1:{a_closed_port()}/book")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.count("\n") == 1
    assert "me:***@127.0.0.1" in ended.stderr
    assert "no answer from PostgreSQL" in ended.stderr


def test_a_database_that_lets_us_create_nothing_is_told_in_one_line(postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS looker")
        connection.execute("CREATE ROLE looker LOGIN")
    ended = up("--store", postgres_url.replace("postgres:@", "looker:@"))
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.count("\n") == 1
    assert "PostgreSQL refuses: " in ended.stderr
    assert "its user must be allowed to create tables" in ended.stderr


def test_tables_of_another_version_are_told_in_one_line(postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE crossbook_schema (version text)")
        connection.execute("INSERT INTO crossbook_schema VALUES ('older')")
    ended = up("--store", postgres_url)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.count("\n") == 1
    assert "schema older" in ended.stderr


async def test_a_store_with_another_world_is_told_and_begun_anew_only_when_asked(
    postgres_url: str, tmp_path: Path
) -> None:
    async with serve(postgres_url, tmp_path) as served:
        await served.workers()
    ended = await asyncio.to_thread(up, "--store", postgres_url, "--seed", "2")
    assert ended.returncode == 2
    assert "--fresh" in ended.stderr
    async with serve(postgres_url, tmp_path, "--seed", "2", "--fresh") as served:
        await served.workers()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--workers", "2"), "--workers: several processes or hosts need a place that they share"),
        (("--host", "0.0.0.0"), "--host: several processes or hosts need a place that they share"),
        (("--store", "postgresql://x", "--host", "0.0.0.0"), "--base-url http://BALANCER:PORT"),
        (("--store", "postgresql://x", "--base-url", "balancer"), "--base-url: expected http://HOST:PORT"),
        (("--store", "postgresql://x", "--tls", "folder"), "--behind-proxy"),
    ],
)
def test_options_that_do_not_go_together_are_told(options: tuple[str, ...], told: str) -> None:
    ended = up(*options)
    assert ended.returncode == 2
    assert told in ended.stderr
