"""What a day tells: notices that wait are sent by the ways that are set up."""

from teneur.channels.day.report import Today
from teneur.channels.notices import adapters_of, enclosed
from teneur.obligations.notices.day import deliver
from teneur.obligations.notices.mail import WrongMailSettings

TASK = "notices-sent"


def deliver_notices(today: Today) -> None:
    """Last of all, so that what the day has decided goes out with it."""
    try:
        adapters = adapters_of(today.bank)
    except WrongMailSettings as error:
        today.report.problems.append(str(error))
        return
    report = deliver(today.bank, today.book, adapters, enclosed, today.tell)
    today.report.problems += report.problems
    if report.sent:
        today.report.done[TASK] = today.report.done.get(TASK, 0) + len(report.sent)
