"""Both agreements as shipped, and copies of their folders that a test may spoil."""

from pathlib import Path
from shutil import copytree

import pytest

from teneur.agreements.agreement import Agreement, Agreements
from teneur.agreements.loader import DATA, load_agreements


@pytest.fixture(scope="session")
def agreements() -> Agreements:
    return load_agreements()


@pytest.fixture
def bred(agreements: Agreements) -> Agreement:
    return agreements["bred-2022-06"]


@pytest.fixture
def bnc(agreements: Agreements) -> Agreement:
    return agreements["bnc-2026-04"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(copytree(DATA, tmp_path / "data"))
