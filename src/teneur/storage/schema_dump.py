"""Write `schema.sql`, the current schema in one file, from the migrations: `python -m
teneur.storage.schema_dump`.

The file is for reading and for comparing; databases are made by the migrations. A test proves that both give
the same catalogue.
"""

import re
import secrets
import shutil
import tempfile
from importlib.resources.abc import Traversable
from pathlib import Path

from teneur.storage.embedded import EmbeddedServer
from teneur.storage.migrate import migrate

SCHEMA = Path(__file__).with_name("schema.sql")
_HEADER = "-- The current schema. `python -m teneur.storage.schema_dump` writes it: do not edit.\n"
_NOISE = re.compile(r"(--|SET |SELECT pg_catalog\.set_config|\\(un)?restrict)")


def dump(folder: Traversable | None = None) -> str:
    """The schema that the migrations of the folder (those shipped, unless given) make, on a throw-away
    server."""
    data = Path(tempfile.gettempdir()) / f"teneur-schema-{secrets.token_hex(4)}"
    try:
        with EmbeddedServer(data, shared_buffers_mb=32) as server:
            migrate(server.owner_url, folder=folder)
            url = server.url("postgres", "teneur")
            text = server.run("pg_dump", "--schema-only", "--no-owner", "--no-tablespaces", url)
    finally:
        shutil.rmtree(data, ignore_errors=True)
    return f"{_HEADER}\n{readable(text)}"


def readable(text: str) -> str:
    """A dump without its settings and comments, and without the schema's name: that is the bank's to
    choose."""
    kept = [line for line in text.splitlines() if not _NOISE.match(line)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept).replace("public.", "")).strip() + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(dump(), encoding="utf-8")
