"""`reader`: a card reader and its cards in software, and the issuer's check of their codes, for trials."""

import os
import secrets
import sys
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.markup import escape

from teneur.authentication.cap.card import (
    CardRefusal,
    Display,
    SoftwareCard,
    inserted,
    press,
    write_card,
)
from teneur.authentication.cap.challenge import NONCE_BYTES, Order
from teneur.authentication.cap.derivation import CardName
from teneur.authentication.cap.keys import KEY_FILE, KeySet, MemoryKeys
from teneur.authentication.cap.profile import TRIAL_PROFILE
from teneur.authentication.cap.rules import CardKind, Purpose, mode_binds
from teneur.authentication.cap.sealing import read_sealed, write_sealed
from teneur.authentication.cap.terminal import Mode, Typed
from teneur.authentication.cap.verifying import CardStanding, Outstanding, ask, typed_for, verify
from teneur.channels.cli.inputs import amount_minor, iban_of
from teneur.channels.cli.shell import REFUSED, Group, Shell, Trouble, pass_shell
from teneur.channels.cli.texts import say
from teneur.kernel.clock import SystemClock

KEYS_VARIABLE = "TENEUR_CAP_KEYS_PASSPHRASE"
CARD_VARIABLE = "TENEUR_CARD_PASSPHRASE"
KEY_NAMES = {"code": Mode.CODE, "reponse": Mode.RESPONSE, "response": Mode.RESPONSE}
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW = click.Path(exists=False, dir_okay=False, path_type=Path)
KEYS = click.argument("keys", type=EXISTING, metavar=say("CLÉS", "KEYS"))
CARD = click.argument("card", type=EXISTING, metavar=say("CARTE", "CARD"))
SEQUENCE = click.option("--sequence", default="00", help=say("Numéro de séquence.", "Sequence number."))
MODE = click.option(
    "--mode", type=click.Choice([m.value for m in Mode]), help=say("Touche du lecteur.", "Key of the reader.")
)


@click.group(
    "reader", cls=Group, help=say("Lecteur de carte logiciel, pour essais.", "A card reader in software.")
)
def reader() -> None:
    """Commands about the reader."""


@reader.command("keys", help=say("Créer des clés, ou une version de plus.", "Make keys, or a new version."))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--rotate", is_flag=True, help=say("Ajouter une version.", "Add a version."))
@pass_shell
def make_keys(shell: Shell, file: Path, rotate: bool) -> None:
    """Never shown: only their version."""
    if file.exists() != rotate:
        raise Trouble(
            shell.say(f"{file} existe déjà.", f"{file} exists already.")
            if file.exists()
            else shell.say(f"{file} n’existe pas.", f"{file} does not exist."),
            "--rotate" if file.exists() else shell.say("sans --rotate", "without --rotate"),
        )
    passphrase = _key_passphrase(shell)
    keys = _read_keys(file, passphrase).rotated() if rotate else MemoryKeys(KeySet.fresh(1))
    write_sealed(file, keys.written(), passphrase, KEY_FILE)
    _tell(
        shell,
        {"version": keys.current},
        shell.say(f"Clés, version {keys.current}.", f"Keys, version {keys.current}."),
    )


@reader.command("card", help=say("Personnaliser une carte logicielle.", "Personalise a card in software."))
@KEYS
@click.argument("card", type=NEW, metavar=say("CARTE", "CARD"))
@click.option("--pan", required=True, help=say("Numéro de la carte.", "Card number."))
@SEQUENCE
@click.option("--choose-pin", is_flag=True, help=say("Saisir le code confidentiel.", "Type the PIN."))
@pass_shell
def make_card(shell: Shell, keys: Path, card: Path, pan: str, sequence: str, choose_pin: bool) -> None:
    """The PIN is drawn and shown once, unless it is typed."""
    name, held = CardName(pan, sequence), _read_keys(keys, _key_passphrase(shell))
    pin = _hidden(shell.say("Code confidentiel", "PIN")) if choose_pin else f"{secrets.randbelow(10_000):04d}"
    made = SoftwareCard(name, CardKind.SESAME, TRIAL_PROFILE, held.derive_card_key(name, held.current), pin)
    write_card(card, made, _card_passphrase())
    shown = "" if choose_pin else shell.say(f" Code confidentiel : {pin}", f" PIN: {pin}")
    values = {"card": str(card), "key_version": held.current} | ({} if choose_pin else {"pin": pin})
    _tell(shell, values, shell.say(f"Carte Sésame écrite.{shown}", f"Sésame card written.{shown}"))


@reader.command("insert", help=say("Insérer une carte : code, puis touche.", "Insert a card: PIN, then key."))
@CARD
@MODE
@click.option("--challenge", help=say("Les 8 chiffres (RÉPONSE).", "The 8 digits (RESPONSE)."))
@click.option("--amount", type=int, default=0, help=say("En centimes (signature).", "In cents (sign)."))
@click.option("--number", "numbers", multiple=True, help=say("Un nombre (données).", "A number (data)."))
@pass_shell
def insert(
    shell: Shell, card: Path, mode: str | None, challenge: str | None, amount: int, numbers: tuple[str, ...]
) -> None:
    """Codes are shown after the card is written, so that none is ever shown twice."""
    pin = _hidden(shell.say("Code confidentiel", "PIN"))
    key = (
        Mode(mode)
        if mode
        else _key(shell, _asked(shell.say("Touche (CODE, RÉPONSE)", "Key (CODE, RESPONSE)")))
    )
    if key in {Mode.RESPONSE, Mode.SIGN} and challenge is None:
        challenge = _asked(shell.say("8 chiffres", "8 digits"))
    typed = Typed(key, challenge or "", amount, numbers)
    with inserted(card, _card_passphrase()) as chip:
        display = press(chip, pin, typed)
    if shell.as_json:
        shell.emit(display)
    elif display.code:
        shell.out.print(f"[bold]{display.code}[/bold]")
    else:
        shell.err.print(f"[red]{_refusal(shell, display)}[/red]")
    if not display.code:
        raise SystemExit(REFUSED)


@reader.command("ask", help=say("Demander un code, comme la banque.", "Ask for a code, as the bank does."))
@KEYS
@click.argument("record", type=click.Path(dir_okay=False, path_type=Path), metavar=say("FICHE", "RECORD"))
@click.option("--pan", help=say("Numéro de la carte (nouvelle fiche).", "Card number (new record)."))
@SEQUENCE
@click.option("--key-version", type=int, help=say("Version des clés.", "Version of the keys."))
@click.option("--purpose", type=click.Choice([p.value for p in Purpose]), default=Purpose.OPERATION.value)
@click.option("--operation", required=True, help=say("Son identifiant.", "Its id."))
@click.option("--amount", default="0", help=say("Montant.", "Amount."))
@click.option("--currency", default="EUR", help=say("Devise.", "Currency."))
@click.option("--payee", default="", help=say("Compte du bénéficiaire.", "Payee’s account."))
@MODE
@pass_shell
def ask_for_code(
    shell: Shell, keys: Path, record: Path, pan: str | None, sequence: str, key_version: int | None,
    purpose: str, operation: str, amount: str, currency: str, payee: str, mode: str | None,
) -> None:  # fmt: skip
    """The record keeps the card's last counter and its one challenge; a former challenge is cancelled."""
    held = _read_keys(keys, _key_passphrase(shell))
    order = Order(
        purpose=Purpose(purpose), operation=operation, amount_minor=amount_minor(amount, currency),
        currency=currency, payee_account=iban_of(payee),
    )  # fmt: skip
    usual = Mode.RESPONSE if mode_binds(order.purpose) else Mode.CODE
    asked = Outstanding(
        purpose=order.purpose, mode=Mode(mode) if mode else usual, nonce=secrets.token_bytes(NONCE_BYTES),
        shown_at=SystemClock().now(), key_version=held.current,
    )  # fmt: skip
    if record.exists():
        known = _read_record(record).standing
    elif pan is None:
        raise Trouble(shell.say(f"{record} n’existe pas.", f"{record} does not exist."), "--pan")
    else:
        known = CardStanding(
            card=CardName(pan, sequence), key_version=key_version or held.current, profile=TRIAL_PROFILE
        )
    typed = typed_for(held, asked, order)
    _write_record(record, _Record(ask(known, asked), order))
    shown = typed.challenge or " ".join(typed.numbers) or "CODE"
    _tell(shell, {"typed": typed, "order": order, "shown_at": asked.shown_at}, shown)


@reader.command("check", help=say("Vérifier un code, comme la banque.", "Check a code, as the bank does."))
@KEYS
@click.argument("record", type=EXISTING, metavar=say("FICHE", "RECORD"))
@click.argument("code")
@click.option("--amount", help=say("Si l’ordre exécuté diffère.", "If the order carried out differs."))
@click.option("--payee", help=say("Si l’ordre exécuté diffère.", "If the order carried out differs."))
@pass_shell
def check(shell: Shell, keys: Path, record: Path, code: str, amount: str | None, payee: str | None) -> None:
    """One answer for every refusal, as a user gets it, with exit code 1."""
    held, known = _read_keys(keys, _key_passphrase(shell)), _read_record(record)
    order = known.order
    if amount is not None:
        order = msgspec.structs.replace(order, amount_minor=amount_minor(amount, order.currency))
    if payee is not None:
        order = msgspec.structs.replace(order, payee_account=iban_of(payee))
    found = verify(held, known.standing, code, order, SystemClock().now())
    _write_record(record, _Record(found.standing, known.order))
    accepted = shell.say("Code accepté.", "Code accepted.")
    _tell(
        shell,
        {"accepted": found.accepted, "counter": found.counter},
        accepted if found.accepted else shell.say("Code refusé.", "Code refused."),
    )
    if not found.accepted:
        raise SystemExit(REFUSED)


class _Record(msgspec.Struct, frozen=True):
    standing: CardStanding
    order: Order


def _read_record(path: Path) -> _Record:
    return msgspec.json.decode(path.read_bytes(), type=_Record)


def _write_record(path: Path, record: _Record) -> None:
    path.write_bytes(msgspec.json.encode(record))


def _read_keys(path: Path, passphrase: str) -> MemoryKeys:
    return MemoryKeys.read(read_sealed(path, passphrase, KEY_FILE))


def _key_passphrase(shell: Shell) -> str:
    found = os.environ.get(KEYS_VARIABLE) or _hidden(
        shell.say("Phrase secrète des clés", "Passphrase of the keys")
    )
    if not found:
        raise Trouble(shell.say("La phrase secrète est vide.", "The passphrase is empty."), KEYS_VARIABLE)
    return found


def _card_passphrase() -> str:
    """None by default: the file is then protected from damage and from other users of this machine only."""
    return os.environ.get(CARD_VARIABLE, "")


def _hidden(question: str) -> str:
    """What is typed without being shown, or a line of what is piped in; never an argument."""
    if sys.stdin.isatty():
        return str(click.prompt(question, hide_input=True, err=True))
    return sys.stdin.readline().rstrip("\n")


def _asked(question: str) -> str:
    return str(click.prompt(question, err=True)) if sys.stdin.isatty() else sys.stdin.readline().strip()


def _key(shell: Shell, pressed: str) -> Mode:
    """The key of a reader by what stands on it, in French or English."""
    name = pressed.strip().lower().replace("é", "e")
    if name not in KEY_NAMES:
        raise Trouble(
            shell.say(f"Le lecteur n’a pas de touche {pressed!r}.", f"The reader has no key {pressed!r}."),
            "CODE, RÉPONSE",
        )
    return KEY_NAMES[name]


def _tell(shell: Shell, values: dict[str, Any], text: str) -> None:
    if shell.as_json:
        shell.emit(values)
    else:
        shell.out.print(escape(text), soft_wrap=True)


def _refusal(shell: Shell, display: Display) -> str:
    left = display.tries_left
    match display.refusal:
        case CardRefusal.NOT_SERVED:
            return shell.say("Ce lecteur ne sert pas cette carte.", "This reader does not serve this card.")
        case CardRefusal.PIN_FORM:
            return shell.say("Un code confidentiel a 4 à 12 chiffres.", "A PIN has 4 to 12 digits.")
        case CardRefusal.WRONG_PIN:
            return shell.say(f"Code faux : encore {left} essai(s).", f"Wrong PIN: tries left: {left}.")
        case CardRefusal.WORN_OUT:
            return shell.say("Cette carte a donné tous ses codes.", "This card has given all its codes.")
        case _:
            return shell.say(
                "Carte invalidée : il faut en commander une autre.", "Card invalidated: order another one."
            )
