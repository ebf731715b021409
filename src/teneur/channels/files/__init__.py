"""Files of ISO 20022 messages: customers' orders and other banks' messages in, our messages out.

import_file         one file in, whatever its message, and what became of each transaction
export_messages     what waits to be sent to other banks, as files in a folder
account_report      the entries of an account as a notification
"""
