"""Overdrafts that were set before they had a history keep their limit, from the day it was set."""

from pathlib import Path

from teneur.pricing.overdraft.facts import AuthorisationKind, load_authorisations
from teneur.storage.database import Dsn, connect
from teneur.storage.migrate import migrate, read, shipped
from tests.support.bank import BOOK

BEFORE = """
insert into book values (1, 'book 1', '2026-01-01');
insert into contract values ('00000000-0000-0000-0000-000000000001', '{}');
insert into account (book, account, kind, status, currency, floor_minor, contract, opened_on) values
  (1, 1000000, 2, 1, 'EUR', -30000, '00000000-0000-0000-0000-000000000001', '2026-01-01'),
  (1, 1000001, 2, 1, 'EUR', 0, '00000000-0000-0000-0000-000000000001', '2026-01-01'),
  (1, 1978, 1, 1, 'EUR', -9007199254740992, null, '2026-01-01');
insert into journal (position, received_at, book, subject, booked_on, actor, kind, outcome, channel, line,
                     ground, leaf)
select p, '2026-02-01', 1, s, d::date, -4, 21, o, 1, 0, '00000000-0000-0000-0000-000000000002', ''
  from (values (1, 1000000, '2026-02-01', 1), (2, 1000000, '2026-03-15', 1), (3, 1000000, '2026-04-01', 2),
               (4, 1000001, '2026-03-01', 1)) v(p, s, d, o);
"""


def test_a_limit_of_before_is_an_open_ended_authorisation_from_its_last_setting_on(
    empty_database: Dsn, tmp_path: Path
) -> None:
    for migration in read(shipped()):
        if migration.name < "0012":
            (tmp_path / f"{migration.name}.sql").write_text(migration.statements)
    migrate(empty_database, folder=tmp_path)
    with connect(empty_database, "owner") as connection, connection.transaction():
        connection.execute(BEFORE)
    assert "0012_overdraft" in migrate(empty_database)
    accounts = [BOOK << 32 | 1_000_000, BOOK << 32 | 1_000_001, BOOK << 32 | 1978]
    with connect(empty_database) as connection:
        found = load_authorisations(connection, accounts)
    assert [len(history) for history in found.values()] == [1, 0, 0]
    [kept] = found[accounts[0]]
    assert (kept.kind, kept.limit_minor, kept.id) == (AuthorisationKind.OPEN_ENDED, 30_000, 2)
    assert (kept.starts_on.isoformat(), kept.ends_on, kept.document) == ("2026-03-15", None, "set-overdraft")
