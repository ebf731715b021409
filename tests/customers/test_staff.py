"""Staff: the first two begin an empty bank, everyone after them needs two administrators."""

from teneur.bank import Bank
from teneur.customers.commands import ChangeStaff, RegisterStaff, StaffRole
from teneur.customers.decisions import REGISTER
from teneur.customers.facts import Staff, list_staff
from teneur.customers.rules import are_two_cleared, is_cleared
from teneur.kernel.clock import SimulatedClock, instant
from teneur.kernel.commands import Command, Outcome
from teneur.storage.database import Dsn
from tests.support.bank import ADMIN, ADVISER, CLERK, OTHER_ADMIN, START, accepted, refused

ADVISERS = frozenset({StaffRole.ADVISER})
ANN = Staff(id=-7, name="Ann", role=StaffRole.ADVISER, active=True)
BEN = Staff(id=-8, name="Ben", role=StaffRole.ADVISER, active=True)
GONE = Staff(id=-9, name="Cid", role=StaffRole.ADVISER, active=False)


def test_staff_is_cleared_when_active_and_in_a_fitting_role() -> None:
    assert is_cleared(ANN, ADVISERS)
    assert not is_cleared(GONE, ADVISERS)
    assert not is_cleared(None, ADVISERS)
    assert not is_cleared(ANN, frozenset({StaffRole.CLERK}))


def test_two_persons_are_two_different_ones_and_both_cleared() -> None:
    assert are_two_cleared(ANN, BEN, ADVISERS, ADVISERS)
    assert not are_two_cleared(ANN, ANN, ADVISERS, ADVISERS)
    assert not are_two_cleared(ANN, GONE, ADVISERS, ADVISERS)
    assert not are_two_cleared(ANN, None, ADVISERS, ADVISERS)
    assert not are_two_cleared(ANN, BEN, ADVISERS, frozenset({StaffRole.CLERK}))


def test_an_empty_bank_begins_with_two_administrators_whom_nobody_approves(database: Dsn) -> None:
    with Bank.open(database, SimulatedClock(instant(START))) as bank:
        clerk = RegisterStaff(name="Eve", role=StaffRole.CLERK)
        refused(bank.ask(clerk, REGISTER), "administrators-first")
        admin = RegisterStaff(name="Ada", role=StaffRole.ADMIN)
        assert bank.decided(accepted(bank.ask(admin, REGISTER)))["staff"] == ADMIN
        refused(bank.ask(clerk, REGISTER), "administrators-first")
        other = RegisterStaff(name="Bob", role=StaffRole.ADMIN)
        assert bank.decided(accepted(bank.ask(other, REGISTER)))["staff"] == OTHER_ADMIN
        refused(bank.ask(RegisterStaff(name="Mal", role=StaffRole.ADMIN), REGISTER), "not-authorised")


def test_three_founders_in_one_batch_are_still_only_two(database: Dsn) -> None:
    with Bank.open(database, SimulatedClock(instant(START))) as bank:
        at = bank.clock.now()
        ask = RegisterStaff(name="Ada", role=StaffRole.ADMIN)
        answers = bank.post(
            [Command(key=bytes([n]) * 16, subject=REGISTER, received_at=at, ask=ask) for n in range(3)]
        )
        assert [getattr(a, "outcome", a) for a in answers] == [
            Outcome.ACCEPTED,
            Outcome.ACCEPTED,
            Outcome.REFUSED,
        ]


def test_later_staff_needs_two_different_administrators(bank: Bank) -> None:
    def ask(approved_by: int) -> RegisterStaff:
        return RegisterStaff(name="Zoé", role=StaffRole.DISPUTE, approved_by=approved_by)

    refused(bank.ask(ask(OTHER_ADMIN), REGISTER, actor=ADVISER), "not-authorised")
    refused(bank.ask(ask(ADMIN), REGISTER, actor=ADMIN), "second-person-missing")
    refused(bank.ask(ask(ADVISER), REGISTER, actor=ADMIN), "second-person-missing")
    refused(bank.ask(ask(0), REGISTER, actor=ADMIN), "second-person-missing")
    refused(
        bank.ask(
            RegisterStaff(name=" ", role=StaffRole.CLERK, approved_by=OTHER_ADMIN), REGISTER, actor=ADMIN
        ),
        "invalid-field",
    )
    accepted(bank.ask(ask(OTHER_ADMIN), REGISTER, actor=ADMIN))
    with bank.read() as connection:
        assert list_staff(connection)[-1].role is StaffRole.DISPUTE


def test_who_no_longer_works_here_can_do_nothing_any_more(bank: Bank) -> None:
    def change(staff: int, *, active: bool, approved_by: int = OTHER_ADMIN) -> ChangeStaff:
        return ChangeStaff(staff=staff, role=StaffRole.CLERK, active=active, approved_by=approved_by)

    refused(bank.ask(change(-99, active=False), REGISTER, actor=ADMIN), "unknown-staff")
    refused(bank.ask(change(OTHER_ADMIN, active=False), REGISTER, actor=ADMIN), "own-role")
    refused(
        bank.ask(change(CLERK, active=False, approved_by=0), REGISTER, actor=ADMIN), "second-person-missing"
    )
    accepted(bank.ask(change(CLERK, active=False), REGISTER, actor=ADMIN))
    with bank.read() as connection:
        assert not next(s for s in list_staff(connection) if s.id == CLERK).active
