"""How the cards of one range are personalised: what issuer and reader must know alike."""

import msgspec

from teneur.authentication.cap.bitmap import (
    CardAnswer,
    compress,
    counter_mask,
    cryptogram_bits,
    selected,
    sequence_flagged,
    shown,
)
from teneur.authentication.cap.derivation import CommonSession, Session, TreeSession, counter_bytes
from teneur.authentication.cap.terminal import Mode, Typed, list_items, terminal_data, with_numbers

_USUAL_LIST = bytes.fromhex("9F02069F03069F1A0295055F2A029A039C019F3704")
_LEAST_CRYPTOGRAM_BITS = 16


class CardProfile(msgspec.Struct, frozen=True, kw_only=True):
    """A range of cards. ValueError for one whose codes do not fit the reader or are too easily guessed.

    bitmap: IPB (9F56). flags: 9F55. data_list: CDOL1. issuer_data: IAD (9F10). before_counter and
    after_counter: the card's own data under the cryptogram (AIP; CVR and the like). date: what the reader
    gives as date. digits: what the reader shows.
    """

    bitmap: bytes
    issuer_data: bytes
    before_counter: bytes
    after_counter: bytes
    session: Session = CommonSession()
    flags: bytes = b"\x00"
    data_list: bytes = _USUAL_LIST
    date: str = "000000"
    digits: int = 8

    def __post_init__(self) -> None:
        if isinstance(self.session, TreeSession) and not self.session.covers_all_counters:
            raise ValueError("the tree has too few session keys: two codes of a card could share one")
        if 1 << len(list(selected(self.bitmap))) > 10**self.digits:
            raise ValueError(f"the bitmap gives codes of more than {self.digits} digits")
        if cryptogram_bits(self.bitmap, self.sequence_first) < _LEAST_CRYPTOGRAM_BITS:
            raise ValueError(f"the bitmap shows fewer than {_LEAST_CRYPTOGRAM_BITS} bits of the cryptogram")
        if not self.counter_mask & 1:
            raise ValueError("the bitmap must show the lowest bit of the counter")
        list(list_items(self.data_list))

    @property
    def sequence_first(self) -> bool:
        """Whether the card's sequence number stands before its answer."""
        return sequence_flagged(self.flags)

    @property
    def counter_mask(self) -> int:
        """Which bits of the counter a code shows."""
        return counter_mask(self.bitmap, self.sequence_first)

    def authenticated(self, typed: Typed, counter: int) -> bytes:
        """What the cryptogram covers: the reader's data, then the card's own with its counter."""
        own = self.before_counter + counter_bytes(counter) + self.after_counter
        return terminal_data(self.data_list, typed, self.date) + own

    def code(self, typed: Typed, counter: int, cryptogram: bytes, sequence: str) -> str:
        """The digits that the reader shows for a cryptogram. sequence: the card's, two digits."""
        mixed = with_numbers(cryptogram, typed.numbers) if typed.mode is Mode.DATA else cryptogram
        answer = CardAnswer(
            counter=counter,
            cryptogram=mixed,
            issuer_data=self.issuer_data,
            sequence=bytes.fromhex(sequence) if self.sequence_first else b"",
        )
        return shown(compress(answer, self.bitmap), self.digits)


# Our own cards for trials: 6 bits of the counter and 20 of the cryptogram make 8 digits.
TRIAL_PROFILE = CardProfile(
    bitmap=bytes.fromhex("00003F00000000000FFFFF"),
    issuer_data=bytes.fromhex("06770A03A48000"),
    before_counter=bytes.fromhex("1000"),
    after_counter=bytes.fromhex("A50006040000"),
)
