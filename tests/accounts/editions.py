"""Other editions of an agreement, for tests that need a past or a future."""

from dataclasses import replace
from typing import Any

from teneur.agreements.agreement import Agreement


def edition(agreement: Agreement, new_id: str, **about: Any) -> Agreement:
    """The same agreement under another id, with other values of what it says about itself."""
    changed = {name: replace(getattr(agreement.about, name), value=value) for name, value in about.items()}
    terms: Any = replace(agreement.about, **changed)
    return Agreement(new_id, agreement.clause_prefixes[0], {**agreement.terms, "agreement": terms})
