-- Orders that wait for the customer's funds; orders refused when due; standing orders from which consent was withdrawn.

-- Null: the order is not received, since its funds have not come, or since it was refused.
alter table transfer_order alter column received_at drop not null;
update transfer_order set received_at = null, execute_by = null where status = 6;

-- The last agreed day that stands: consent was withdrawn when it was too late for that day alone.
alter table transfer_order add column ends_on date;

create index transfer_order_waiting on transfer_order (book, transfer) where status = 11;
