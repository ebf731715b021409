"""Files of ISO 20022 messages: customers' orders and other banks' messages in, our messages out.

import_file         one file in, whatever its message, and what became of each transaction
export_messages     what waits to be sent to other banks, as files in a folder
account_report      the entries of an account as a notification
"""

from teneur.channels.files.exporting import export_messages
from teneur.channels.files.importing import OTHER_BANK, import_file
from teneur.channels.files.notifications import account_report
from teneur.channels.files.reports import ImportReport, ItemResult

__all__ = ["OTHER_BANK", "ImportReport", "ItemResult", "account_report", "export_messages", "import_file"]
