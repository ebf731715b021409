"""An idempotency key is for ever: a command has one outcome, however and whenever it is asked again."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from psycopg import errors as pg
from tests.support.ledger import Bank, OpenAccount, answer, command, move, place, reverse

from teneur.kernel.commands import Answer, Channel, Command, Outcome
from teneur.ledger import cache
from teneur.ledger.engine import Engine
from teneur.ledger.errors import CommandFailed


def same(first: Answer, again: Answer) -> bool:
    """Whether an answer is the stored one, told as a replay."""
    return again == Answer(
        first.outcome, first.reason, first.citations, first.book, first.position, replayed=True
    )


def test_the_same_command_again_returns_the_stored_answer_and_moves_nothing(bank: Bank) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=1_000)
    asked = move(payer, payee, 600)
    first = bank.post(asked)[0]
    assert same(first, bank.post(asked)[0])
    assert (bank.balance(payer), bank.times_stored(asked.key)) == (400, 1)


def test_a_refusal_is_replayed_too_even_when_it_would_pass_today(bank: Bank) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=1_000)
    asked = move(payer, payee, 1_001)
    first = bank.post(asked)[0]
    bank.post(move(payee, payer, 500))
    assert first.reason == "insufficient-funds"
    assert same(first, bank.post(asked)[0])


def test_a_retry_that_arrives_later_is_the_same_command(bank: Bank) -> None:
    from datetime import timedelta

    import msgspec

    payer, payee = bank.open_accounts(2, fund_minor=1_000)
    asked = move(payer, payee, 1)
    first = bank.post(asked)[0]
    later = msgspec.structs.replace(asked, received_at=asked.received_at + timedelta(days=4_000))
    assert same(first, bank.post(later)[0])


@pytest.mark.parametrize("warm", [True, False])
def test_the_same_key_with_another_content_is_refused_with_its_own_reason(bank: Bank, *, warm: bool) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=1_000)
    asked = move(payer, payee, 1)
    first = bank.post(asked)[0]
    engine = bank.engine if warm else bank.another_engine()
    others = [
        move(payer, payee, 2, key=asked.key),
        move(payer, payee, 1, key=asked.key, subject=payee),
        move(payer, payee, 1, key=asked.key, actor=-3),
        move(payer, payee, 1, key=asked.key, channel=Channel.SYSTEM),
        place(payer, 1, key=asked.key),
    ]
    before = bank.count()
    for other in others:
        refused = engine.post_one(other)
        assert (refused.outcome, refused.reason) == (Outcome.REFUSED, "key-reused")
        assert refused.position == first.position
    assert bank.count() == before
    assert same(first, engine.post_one(asked))


def test_a_cold_engine_knows_a_key_of_long_ago(bank: Bank) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=1_000)
    asked = move(payer, payee, 600)
    first = bank.post(asked)[0]
    assert same(first, bank.another_engine().post_one(asked))
    assert bank.balance(payer) == 400


def test_a_key_pushed_out_of_memory_is_still_known(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "RECENT_KEYS", 10)
    payer, payee = bank.open_accounts(2, fund_minor=1_000)
    asked = move(payer, payee, 600)
    first = bank.post(asked)[0]
    for _ in range(3):
        bank.post(*(move(payer, payee, 1) for _ in range(10)))
    assert asked.key not in bank.engine.cache.books[1].recent
    assert same(first, bank.post(asked)[0])
    assert bank.times_stored(asked.key) == 1


def test_old_and_new_keys_in_one_batch_of_a_cold_engine_each_get_their_answer(bank: Bank) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=1_000)
    old = [move(payer, payee, 10) for _ in range(5)]
    first = bank.post(*old)
    new = [move(payer, payee, 1) for _ in range(5)]
    mixed = [c for pair in zip(old, new, strict=True) for c in pair]
    answers = [answer(r) for r in bank.another_engine().post(mixed)]
    assert all(same(f, a) for f, a in zip(first, answers[::2], strict=True))
    assert [a.replayed for a in answers[1::2]] == [False] * 5
    assert bank.balance(payer) == 945


def test_a_key_twice_in_one_batch_is_done_once(bank: Bank) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=1_000)
    asked = move(payer, payee, 600)
    first, again, other = bank.post(asked, asked, move(payer, payee, 1, key=asked.key))
    assert same(first, again)
    assert other.reason == "key-reused"
    assert bank.balance(payer) == 400


def test_the_same_key_in_two_books_is_two_commands(two_books: Bank) -> None:
    a = two_books.open_accounts(1, book=1, fund_minor=100)[0]
    b = two_books.open_accounts(1, book=2, fund_minor=100)[0]
    key = b"0123456789abcdef"
    answers = two_books.post(place(a, 10, key=key), place(b, 10, key=key))
    assert [x.replayed for x in answers] == [False, False]
    assert two_books.times_stored(key) == 2


@pytest.mark.parametrize("size", [1, 25])
def test_eight_writers_sent_the_same_keys_at_once_do_them_once(bank: Bank, size: int) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=1_000)
    asked = [move(payer, payee, 1) for _ in range(size)]
    engines = [bank.another_engine() for _ in range(8)]

    def post(engine: Engine) -> list[Answer]:
        return [answer(r) for r in engine.post(asked)]

    with ThreadPoolExecutor(len(engines)) as pool:
        everyone = list(pool.map(post, engines))
    positions = {tuple(a.position for a in answers) for answers in everyone}
    assert len(positions) == 1
    assert sum(not answers[0].replayed for answers in everyone) == 1
    assert bank.balance(payer) == 1_000 - size


def _cold_replay(bank: Bank, asked: Command) -> None:
    first = bank.post(asked)[0]
    assert first.outcome is Outcome.ACCEPTED
    assert same(first, bank.another_engine().post_one(asked))


def test_a_cold_replay_of_what_a_unique_table_would_refuse_is_still_a_replay(bank: Bank) -> None:
    """Deciding it again would violate the uniqueness of a table other than the journal."""
    payer, payee = bank.open_accounts(2, fund_minor=1_000)
    _cold_replay(bank, command(payee + 1, OpenAccount(iban="FR7610107001011234567890129")))
    operation = bank.post(move(payer, payee, 5))[0].position
    _cold_replay(bank, reverse(payer, operation))


def test_a_unique_violation_of_a_domain_table_is_raised_not_swallowed(bank: Bank) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=1_000)
    twice = [command(payee + n, OpenAccount(iban="FR7610107001011234567890129")) for n in (1, 2)]
    good = move(payer, payee, 5)
    first, second, third = bank.engine.post([*twice, good])
    assert answer(first).outcome is answer(third).outcome is Outcome.ACCEPTED
    assert isinstance(second, CommandFailed)
    assert isinstance(second.__cause__, pg.UniqueViolation)
    assert second.__cause__.diag.constraint_name == "iban_directory_pkey"
    assert bank.times_stored(twice[1].key) == 0
    with pytest.raises(CommandFailed):
        bank.engine.post_one(twice[1])
