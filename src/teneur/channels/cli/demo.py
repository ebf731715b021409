"""`demo`: a bank day by day."""

from pathlib import Path

import click

from teneur.channels.cli.shell import TROUBLE, Command, Shell, Trouble, pass_shell
from teneur.channels.cli.texts import say
from teneur.channels.demo.errors import MissingProgram
from teneur.channels.demo.story import run


@click.command(cls=Command, help=say("Une banque, jour après jour.", "A bank, day by day."))
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help=say("Dossier.", "Folder."))
@pass_shell
def demo(shell: Shell, into: Path | None) -> None:
    """Real payment files in, refusals with their clause, statements out."""
    try:
        run(shell, into)
    except MissingProgram as missing:
        raise Trouble(
            shell.say(
                f"La démonstration a besoin du programme {missing.name}.",
                f"The demonstration needs the program {missing.name}.",
            ),
            "make demo",
            TROUBLE,
        ) from missing
