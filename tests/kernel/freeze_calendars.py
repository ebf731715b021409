"""Write the public holidays of the kernel's calendars anew from the `holidays` library.

Run by hand (`python -m tests.kernel.freeze_calendars`) when a year is added or a government changes a
holiday; the diff is then reviewed like any change of an agreement. The program never imports the library.
"""

import sys
from pathlib import Path

import holidays

from teneur.kernel.calendars import FIRST_YEAR, LAST_YEAR

FOLDER = Path(__file__).parents[2] / "src/teneur/kernel/data/calendars"
YEARS = range(FIRST_YEAR, LAST_YEAR + 1)


def frozen() -> dict[str, str]:
    """The text of each data file: one closing day a line, `date,name`, in order."""
    calendars = {
        "FR": holidays.country_holidays("FR", years=YEARS, language="fr"),
        "NC": holidays.country_holidays("FR", subdiv="NC", years=YEARS, language="fr"),
        "TARGET": holidays.financial_holidays("ECB", years=YEARS, language="en_US"),
    }
    return {
        name: "".join(f"{day.isoformat()},{title}\n" for day, title in sorted(days.items()))
        for name, days in calendars.items()
    }


def main() -> None:
    """Write the files."""
    for name, text in frozen().items():
        (FOLDER / f"{name}.csv").write_text(text, encoding="utf-8")
        sys.stdout.write(f"{name}: {len(text.splitlines())} days\n")


if __name__ == "__main__":
    main()
