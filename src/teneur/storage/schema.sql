-- The current schema. `python -m teneur.storage.schema_dump` writes it: do not edit.

CREATE TABLE account (
    book integer NOT NULL,
    account integer NOT NULL,
    kind smallint NOT NULL,
    status smallint NOT NULL,
    currency text NOT NULL,
    floor_minor bigint NOT NULL,
    held_minor bigint DEFAULT 0 NOT NULL,
    unavailable_minor bigint DEFAULT 0 NOT NULL,
    holders integer[] DEFAULT '{}'::integer[] NOT NULL,
    contract uuid,
    branch text DEFAULT ''::text NOT NULL,
    iban text DEFAULT ''::text NOT NULL,
    label text DEFAULT ''::text NOT NULL,
    opened_on date NOT NULL,
    closed_on date,
    CONSTRAINT account_account_check CHECK ((account > 0)),
    CONSTRAINT account_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT account_held_minor_check CHECK ((held_minor >= 0)),
    CONSTRAINT account_unavailable_minor_check CHECK ((unavailable_minor >= 0))
);

CREATE TABLE account_amendment (
    book integer NOT NULL,
    account integer NOT NULL,
    amendment bigint NOT NULL,
    notice bigint NOT NULL,
    medium text NOT NULL,
    sent_on date NOT NULL,
    reference text DEFAULT ''::text NOT NULL,
    applies_on date NOT NULL,
    answer smallint DEFAULT 0 NOT NULL,
    answered_on date,
    service text DEFAULT ''::text NOT NULL,
    status smallint NOT NULL,
    settled_on date,
    settled_by bigint,
    CONSTRAINT account_amendment_answer_check CHECK (((answer >= 0) AND (answer <= 3))),
    CONSTRAINT account_amendment_check CHECK (((status = 1) = (settled_by IS NULL))),
    CONSTRAINT account_amendment_status_check CHECK (((status >= 1) AND (status <= 4)))
);

CREATE TABLE amendment (
    amendment bigint NOT NULL,
    series text NOT NULL,
    kind smallint NOT NULL,
    edition text NOT NULL,
    applies_on date NOT NULL,
    legal_reference text DEFAULT ''::text NOT NULL,
    medium text NOT NULL,
    summary text NOT NULL,
    planned_at timestamp with time zone NOT NULL,
    withdrawn_by bigint,
    CONSTRAINT amendment_kind_check CHECK (((kind >= 1) AND (kind <= 2)))
);

CREATE TABLE bank_day (
    book integer NOT NULL,
    zone text NOT NULL,
    done_on date NOT NULL
);

CREATE TABLE book (
    book integer NOT NULL,
    name text NOT NULL,
    opened_on date NOT NULL,
    CONSTRAINT book_book_check CHECK (((book >= 0) AND (book <= 1000000)))
);

CREATE TABLE contract (
    contract uuid NOT NULL,
    versions text NOT NULL
);

CREATE TABLE fee (
    book integer NOT NULL,
    account integer NOT NULL,
    fee bigint NOT NULL,
    line smallint NOT NULL,
    event text NOT NULL,
    about text NOT NULL,
    occurred_on date NOT NULL,
    base_minor bigint NOT NULL,
    quantity integer NOT NULL,
    status smallint DEFAULT 1 NOT NULL,
    price_minor bigint,
    amount_minor bigint,
    limits text DEFAULT ''::text NOT NULL,
    announced_on date,
    collectable_on date,
    settled_on date,
    settled_by bigint,
    refunded_minor bigint DEFAULT 0 NOT NULL,
    refunded_by bigint,
    CONSTRAINT fee_base_minor_check CHECK ((base_minor >= 0)),
    CONSTRAINT fee_check CHECK (((amount_minor >= 0) AND (amount_minor <= price_minor))),
    CONSTRAINT fee_price_minor_check CHECK ((price_minor >= 0)),
    CONSTRAINT fee_quantity_check CHECK ((quantity > 0)),
    CONSTRAINT fee_status_check CHECK (((status >= 1) AND (status <= 6)))
);

CREATE TABLE fee_summary (
    book integer NOT NULL,
    account integer NOT NULL,
    year smallint NOT NULL,
    made_at timestamp with time zone NOT NULL,
    "position" bigint NOT NULL,
    json_sha256 bytea NOT NULL,
    "json" bytea NOT NULL,
    pdf bytea NOT NULL,
    CONSTRAINT fee_summary_json_sha256_check CHECK ((octet_length(json_sha256) = 32))
);

CREATE TABLE file_received (
    book integer NOT NULL,
    sender integer NOT NULL,
    sha256 bytea NOT NULL,
    name text NOT NULL,
    message text NOT NULL,
    message_id text NOT NULL,
    received_at timestamp with time zone NOT NULL,
    status smallint NOT NULL,
    transactions integer DEFAULT 0 NOT NULL,
    accepted integer DEFAULT 0 NOT NULL,
    pending integer DEFAULT 0 NOT NULL,
    refused integer DEFAULT 0 NOT NULL,
    answered bigint,
    CONSTRAINT file_received_sha256_check CHECK ((length(sha256) = 32))
);

CREATE TABLE file_sent (
    book integer NOT NULL,
    file text NOT NULL,
    message text NOT NULL,
    marked_at timestamp with time zone NOT NULL,
    written_at timestamp with time zone,
    sha256 bytea
);

CREATE TABLE foreign_cash (
    book integer NOT NULL,
    account integer NOT NULL,
    deposit bigint NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL,
    processed_on date NOT NULL,
    converted_by bigint,
    CONSTRAINT foreign_cash_amount_minor_check CHECK ((amount_minor > 0))
);

CREATE TABLE ground (
    ground uuid NOT NULL,
    reason text NOT NULL,
    clauses text[] NOT NULL
);

CREATE TABLE hold (
    book integer NOT NULL,
    account integer NOT NULL,
    hold bigint NOT NULL,
    amount_minor bigint NOT NULL,
    left_minor bigint NOT NULL,
    status smallint NOT NULL,
    purpose text NOT NULL,
    placed_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    CONSTRAINT hold_amount_minor_check CHECK ((amount_minor > 0)),
    CONSTRAINT hold_check CHECK (((left_minor >= 0) AND (left_minor <= amount_minor)))
);

CREATE TABLE iban_directory (
    iban text NOT NULL,
    account_id bigint NOT NULL
);

CREATE TABLE identity_objection (
    person integer NOT NULL,
    in_force boolean NOT NULL,
    ground text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT identity_objection_ground_check CHECK ((ground <> ''::text))
);

CREATE TABLE interest_closing (
    book integer NOT NULL,
    account integer NOT NULL,
    first_day date NOT NULL,
    revision smallint NOT NULL,
    last_day date NOT NULL,
    "position" bigint NOT NULL,
    closed_by bigint NOT NULL,
    opening_minor bigint NOT NULL,
    closing_minor bigint NOT NULL,
    run_off_minor bigint NOT NULL,
    later_days date[] NOT NULL,
    later_minor bigint[] NOT NULL,
    debit_minor bigint NOT NULL,
    credit_minor bigint NOT NULL,
    sha256 bytea NOT NULL,
    "json" bytea NOT NULL,
    CONSTRAINT interest_closing_check CHECK ((first_day <= last_day)),
    CONSTRAINT interest_closing_revision_check CHECK ((revision >= 0)),
    CONSTRAINT interest_closing_sha256_check CHECK ((length(sha256) = 32))
);

CREATE TABLE journal (
    "position" bigint NOT NULL,
    amount_minor bigint,
    debit_sequence bigint,
    credit_sequence bigint,
    debit_balance_minor bigint,
    credit_balance_minor bigint,
    received_at timestamp with time zone NOT NULL,
    book integer NOT NULL,
    debit integer,
    credit integer,
    subject integer,
    booked_on date NOT NULL,
    debit_value_on date,
    credit_value_on date,
    actor integer NOT NULL,
    kind smallint NOT NULL,
    outcome smallint NOT NULL,
    channel smallint NOT NULL,
    line smallint NOT NULL,
    key uuid,
    request uuid,
    ground uuid NOT NULL,
    leaf bytea NOT NULL,
    CONSTRAINT journal_amount_minor_check CHECK ((amount_minor > 0)),
    CONSTRAINT journal_check CHECK ((num_nonnulls(amount_minor, debit, credit, debit_sequence, credit_sequence, debit_balance_minor, credit_balance_minor, debit_value_on, credit_value_on) = ANY (ARRAY[0, 9]))),
    CONSTRAINT journal_check1 CHECK ((debit <> credit)),
    CONSTRAINT journal_position_check CHECK (("position" > 0))
);

CREATE TABLE market_rate (
    base text NOT NULL,
    quote text NOT NULL,
    quoted_at timestamp with time zone NOT NULL,
    loaded_by bigint NOT NULL,
    buying numeric NOT NULL,
    selling numeric NOT NULL,
    source text NOT NULL,
    synthetic boolean NOT NULL,
    CONSTRAINT market_rate_base_check CHECK ((base ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT market_rate_buying_check CHECK ((buying > (0)::numeric)),
    CONSTRAINT market_rate_check CHECK ((selling >= buying)),
    CONSTRAINT market_rate_check1 CHECK ((base <> quote)),
    CONSTRAINT market_rate_quote_check CHECK ((quote ~ '^[A-Z]{3}$'::text))
);

CREATE TABLE migration (
    name text NOT NULL,
    sha256 bytea NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE notice (
    book integer NOT NULL,
    account integer NOT NULL,
    notice bigint NOT NULL,
    line smallint NOT NULL,
    template text NOT NULL,
    about text NOT NULL,
    content text NOT NULL,
    discharges text DEFAULT ''::text NOT NULL,
    made_at timestamp with time zone NOT NULL
);

CREATE TABLE notice_choice (
    book integer NOT NULL,
    account integer NOT NULL,
    choice bigint NOT NULL,
    paperless boolean,
    medium text DEFAULT ''::text NOT NULL,
    recipient integer,
    chosen_at timestamp with time zone NOT NULL
);

CREATE TABLE notice_delivery (
    book integer NOT NULL,
    account integer NOT NULL,
    notice bigint NOT NULL,
    line smallint NOT NULL,
    attempt smallint NOT NULL,
    medium text NOT NULL,
    address_sha256 text NOT NULL,
    reference text DEFAULT ''::text NOT NULL,
    begun_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    outcome text,
    error text DEFAULT ''::text NOT NULL,
    CONSTRAINT notice_delivery_attempt_check CHECK ((attempt > 0)),
    CONSTRAINT notice_delivery_check CHECK (((ended_at IS NULL) = (outcome IS NULL))),
    CONSTRAINT notice_delivery_outcome_check CHECK ((outcome = ANY (ARRAY['sent'::text, 'failed'::text, 'refused'::text, 'needless'::text])))
);

CREATE TABLE notice_document (
    book integer NOT NULL,
    account integer NOT NULL,
    notice bigint NOT NULL,
    line smallint NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    json_sha256 bytea NOT NULL,
    "json" bytea NOT NULL,
    CONSTRAINT notice_document_json_sha256_check CHECK ((length(json_sha256) = 32))
);

CREATE TABLE notice_page (
    book integer NOT NULL,
    account integer NOT NULL,
    notice bigint NOT NULL,
    line smallint NOT NULL,
    pdf_sha256 bytea NOT NULL,
    pdf bytea NOT NULL,
    CONSTRAINT notice_page_pdf_sha256_check CHECK ((length(pdf_sha256) = 32))
);

CREATE TABLE notice_sent (
    book integer NOT NULL,
    account integer NOT NULL,
    notice bigint NOT NULL,
    line smallint NOT NULL,
    "position" bigint NOT NULL,
    medium text NOT NULL,
    reference text NOT NULL,
    sent_at timestamp with time zone NOT NULL,
    acknowledged bigint,
    acknowledged_on date
);

CREATE TABLE notice_waiting (
    book integer NOT NULL,
    account integer NOT NULL,
    notice bigint NOT NULL,
    line smallint NOT NULL,
    next_at timestamp with time zone
);

CREATE TABLE obligation (
    book integer NOT NULL,
    account integer NOT NULL,
    obligation bigint NOT NULL,
    line smallint NOT NULL,
    kind text NOT NULL,
    about text NOT NULL,
    clause text NOT NULL,
    debtor text NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone,
    discharged_at timestamp with time zone,
    discharged_by text
);

CREATE TABLE outbox (
    book integer NOT NULL,
    account integer NOT NULL,
    "position" bigint NOT NULL,
    line smallint NOT NULL,
    message text NOT NULL,
    body text NOT NULL,
    exported_in text
);

CREATE TABLE over_indebtedness (
    book integer NOT NULL,
    account integer NOT NULL,
    case_id bigint NOT NULL,
    status smallint NOT NULL,
    reference text NOT NULL,
    decided_on date NOT NULL,
    isolated_minor bigint NOT NULL,
    technical_account integer,
    creditors text[] NOT NULL,
    CONSTRAINT over_indebtedness_isolated_minor_check CHECK ((isolated_minor >= 0))
);

CREATE TABLE overdraft_authorisation (
    book integer NOT NULL,
    account integer NOT NULL,
    authorisation bigint NOT NULL,
    line smallint NOT NULL,
    kind smallint NOT NULL,
    limit_minor bigint NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    rate_percent numeric,
    rate_index text DEFAULT ''::text NOT NULL,
    document text NOT NULL,
    ended_by text DEFAULT ''::text NOT NULL,
    CONSTRAINT overdraft_authorisation_check CHECK ((ends_on >= (starts_on - 1))),
    CONSTRAINT overdraft_authorisation_check1 CHECK (((rate_index = ''::text) OR (rate_percent IS NOT NULL))),
    CONSTRAINT overdraft_authorisation_limit_minor_check CHECK ((limit_minor > 0))
);

CREATE TABLE overdraft_claim (
    book integer NOT NULL,
    account integer NOT NULL,
    claim bigint NOT NULL,
    status smallint NOT NULL,
    amount_minor bigint NOT NULL,
    demanded_on date NOT NULL,
    debtors integer[] NOT NULL,
    CONSTRAINT overdraft_claim_amount_minor_check CHECK ((amount_minor > 0))
);

CREATE TABLE overdraft_episode (
    book integer NOT NULL,
    account integer NOT NULL,
    episode bigint NOT NULL,
    kind smallint NOT NULL,
    began_on date NOT NULL,
    ended_on date,
    stage smallint DEFAULT 0 NOT NULL,
    CONSTRAINT overdraft_episode_check CHECK ((ended_on > began_on))
);

CREATE TABLE overdraft_tolerance (
    book integer NOT NULL,
    account integer NOT NULL,
    tolerance bigint NOT NULL,
    day date NOT NULL,
    debit_minor bigint NOT NULL,
    excess_minor bigint NOT NULL,
    about text NOT NULL,
    reason text NOT NULL,
    author integer NOT NULL,
    CONSTRAINT overdraft_tolerance_debit_minor_check CHECK ((debit_minor > 0)),
    CONSTRAINT overdraft_tolerance_excess_minor_check CHECK ((excess_minor > 0))
);

CREATE TABLE person (
    person integer NOT NULL,
    surname text NOT NULL,
    first_names text NOT NULL,
    birth_date date NOT NULL,
    birth_place text NOT NULL,
    nationality text NOT NULL,
    street text NOT NULL,
    building text NOT NULL,
    post_code text NOT NULL,
    town text NOT NULL,
    country text NOT NULL,
    email text DEFAULT ''::text NOT NULL,
    phone text DEFAULT ''::text NOT NULL,
    language text NOT NULL,
    since date NOT NULL,
    search_key text NOT NULL,
    capacity text DEFAULT 'full'::text NOT NULL,
    CONSTRAINT person_country_check CHECK ((country ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT person_first_names_check CHECK ((first_names <> ''::text)),
    CONSTRAINT person_nationality_check CHECK ((nationality ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT person_person_check CHECK ((person > 0)),
    CONSTRAINT person_surname_check CHECK ((surname <> ''::text)),
    CONSTRAINT person_town_check CHECK ((town <> ''::text))
);

CREATE VIEW posting AS
 SELECT journal.book,
    journal.debit AS account,
    journal.debit_sequence AS sequence,
    journal."position",
    journal.line,
    (- journal.amount_minor) AS amount_minor,
    journal.debit_balance_minor AS balance_minor,
    journal.credit AS other,
    journal.booked_on,
    journal.debit_value_on AS value_on,
    journal.received_at,
    journal.kind,
    journal.ground
   FROM journal
  WHERE (journal.debit_sequence IS NOT NULL)
UNION ALL
 SELECT journal.book,
    journal.credit AS account,
    journal.credit_sequence AS sequence,
    journal."position",
    journal.line,
    journal.amount_minor,
    journal.credit_balance_minor AS balance_minor,
    journal.debit AS other,
    journal.booked_on,
    journal.credit_value_on AS value_on,
    journal.received_at,
    journal.kind,
    journal.ground
   FROM journal
  WHERE (journal.credit_sequence IS NOT NULL);

CREATE TABLE rate_notice (
    book integer NOT NULL,
    account integer NOT NULL,
    notice bigint NOT NULL,
    kind smallint NOT NULL,
    name text NOT NULL,
    event bigint NOT NULL,
    about text NOT NULL,
    gone_on date,
    sent_on date NOT NULL,
    last_day date NOT NULL,
    status smallint NOT NULL,
    answered_by bigint,
    answered_on date,
    ends_on date
);

CREATE TABLE record (
    "position" bigint NOT NULL,
    book integer NOT NULL,
    salt bytea NOT NULL,
    body bytea NOT NULL
);

CREATE TABLE reference_rate (
    name text NOT NULL,
    day date NOT NULL,
    loaded_by bigint NOT NULL,
    percent numeric NOT NULL,
    source text NOT NULL,
    synthetic boolean NOT NULL
);

CREATE TABLE reference_rate_event (
    name text NOT NULL,
    event bigint NOT NULL,
    kind smallint NOT NULL,
    day date NOT NULL,
    substitute text DEFAULT ''::text NOT NULL,
    designated_by text DEFAULT ''::text NOT NULL,
    points numeric DEFAULT 0 NOT NULL,
    recommended_points numeric,
    reason text DEFAULT ''::text NOT NULL
);

CREATE TABLE reversal (
    book integer NOT NULL,
    operation bigint NOT NULL,
    reversed_by bigint NOT NULL
);

CREATE TABLE secure_message (
    book integer NOT NULL,
    account integer NOT NULL,
    notice bigint NOT NULL,
    line smallint NOT NULL,
    person integer NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    available_at timestamp with time zone NOT NULL
);

CREATE TABLE setting (
    name text NOT NULL,
    value text NOT NULL,
    CONSTRAINT setting_name_check CHECK ((name <> ''::text))
);

CREATE TABLE staff (
    staff integer NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    active boolean NOT NULL,
    CONSTRAINT staff_name_check CHECK ((name <> ''::text)),
    CONSTRAINT staff_staff_check CHECK ((staff < 0))
);

CREATE TABLE statement (
    book integer NOT NULL,
    account integer NOT NULL,
    number integer NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    "position" bigint NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    opening_minor bigint NOT NULL,
    closing_minor bigint NOT NULL,
    json_sha256 bytea NOT NULL,
    "json" bytea NOT NULL,
    first_sequence bigint NOT NULL,
    last_sequence bigint NOT NULL,
    frequency text NOT NULL,
    guarantee boolean NOT NULL,
    issued_by bigint,
    CONSTRAINT statement_check CHECK ((first_day <= last_day)),
    CONSTRAINT statement_check1 CHECK (((first_sequence > 0) AND (last_sequence >= (first_sequence - 1)))),
    CONSTRAINT statement_json_sha256_check CHECK ((length(json_sha256) = 32)),
    CONSTRAINT statement_number_check CHECK ((number > 0))
);

CREATE TABLE statement_choice (
    book integer NOT NULL,
    account integer NOT NULL,
    choice bigint NOT NULL,
    frequency text DEFAULT ''::text NOT NULL,
    extra_medium text DEFAULT ''::text NOT NULL,
    chosen_at timestamp with time zone NOT NULL
);

CREATE TABLE statement_delivery (
    book integer NOT NULL,
    account integer NOT NULL,
    number integer NOT NULL,
    medium text NOT NULL,
    person integer NOT NULL,
    delivered_by bigint NOT NULL,
    delivered_at timestamp with time zone NOT NULL,
    reference text DEFAULT ''::text NOT NULL,
    CONSTRAINT statement_delivery_medium_check CHECK ((medium = ANY (ARRAY['electronic'::text, 'paper'::text])))
);

CREATE TABLE statement_page (
    book integer NOT NULL,
    account integer NOT NULL,
    number integer NOT NULL,
    language text NOT NULL,
    pdf_sha256 bytea NOT NULL,
    pdf bytea NOT NULL,
    CONSTRAINT statement_page_language_check CHECK ((language = ANY (ARRAY['fr'::text, 'en'::text]))),
    CONSTRAINT statement_page_pdf_sha256_check CHECK ((length(pdf_sha256) = 32))
);

CREATE TABLE transfer_ceiling (
    book integer NOT NULL,
    account integer NOT NULL,
    request bigint NOT NULL,
    status smallint NOT NULL,
    per_operation_minor bigint,
    weekly_minor bigint,
    until_on date
);

CREATE TABLE transfer_order (
    book integer NOT NULL,
    account integer NOT NULL,
    transfer bigint NOT NULL,
    status smallint NOT NULL,
    channel smallint NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    debit_minor bigint NOT NULL,
    received_at timestamp with time zone,
    due_on date,
    execute_by timestamp with time zone,
    stamped_at timestamp with time zone,
    hold bigint,
    done_occurrences integer DEFAULT 0 NOT NULL,
    revoked_days date[] DEFAULT '{}'::date[] NOT NULL,
    executed bigint,
    reason text DEFAULT ''::text NOT NULL,
    payee_iban text DEFAULT ''::text NOT NULL,
    end_to_end_id text DEFAULT ''::text NOT NULL,
    asked text NOT NULL,
    ends_on date,
    CONSTRAINT transfer_order_amount_minor_check CHECK ((amount_minor > 0)),
    CONSTRAINT transfer_order_debit_minor_check CHECK ((debit_minor >= 0))
);

CREATE TABLE value_adjustment (
    book integer NOT NULL,
    operation bigint NOT NULL,
    adjusted_by bigint NOT NULL
);

ALTER TABLE ONLY account_amendment
    ADD CONSTRAINT account_amendment_pkey PRIMARY KEY (book, account, amendment);

ALTER TABLE ONLY account
    ADD CONSTRAINT account_pkey PRIMARY KEY (book, account);

ALTER TABLE ONLY amendment
    ADD CONSTRAINT amendment_pkey PRIMARY KEY (amendment);

ALTER TABLE ONLY bank_day
    ADD CONSTRAINT bank_day_pkey PRIMARY KEY (book, zone);

ALTER TABLE ONLY book
    ADD CONSTRAINT book_pkey PRIMARY KEY (book);

ALTER TABLE ONLY contract
    ADD CONSTRAINT contract_pkey PRIMARY KEY (contract);

ALTER TABLE ONLY fee
    ADD CONSTRAINT fee_pkey PRIMARY KEY (book, account, fee, line);

ALTER TABLE ONLY fee_summary
    ADD CONSTRAINT fee_summary_pkey PRIMARY KEY (book, account, year);

ALTER TABLE ONLY file_received
    ADD CONSTRAINT file_received_pkey PRIMARY KEY (book, sender, sha256);

ALTER TABLE ONLY file_sent
    ADD CONSTRAINT file_sent_pkey PRIMARY KEY (book, file);

ALTER TABLE ONLY foreign_cash
    ADD CONSTRAINT foreign_cash_pkey PRIMARY KEY (book, deposit);

ALTER TABLE ONLY ground
    ADD CONSTRAINT ground_pkey PRIMARY KEY (ground);

ALTER TABLE ONLY hold
    ADD CONSTRAINT hold_pkey PRIMARY KEY (book, account, hold);

ALTER TABLE ONLY iban_directory
    ADD CONSTRAINT iban_directory_pkey PRIMARY KEY (iban);

ALTER TABLE ONLY identity_objection
    ADD CONSTRAINT identity_objection_pkey PRIMARY KEY (person);

ALTER TABLE ONLY interest_closing
    ADD CONSTRAINT interest_closing_pkey PRIMARY KEY (book, account, first_day, revision);

ALTER TABLE ONLY journal
    ADD CONSTRAINT journal_pkey PRIMARY KEY (book, "position");

ALTER TABLE ONLY market_rate
    ADD CONSTRAINT market_rate_pkey PRIMARY KEY (base, quote, quoted_at, loaded_by);

ALTER TABLE ONLY migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (name);

ALTER TABLE ONLY notice_choice
    ADD CONSTRAINT notice_choice_pkey PRIMARY KEY (book, account, choice);

ALTER TABLE ONLY notice_delivery
    ADD CONSTRAINT notice_delivery_pkey PRIMARY KEY (book, account, notice, line, attempt);

ALTER TABLE ONLY notice_document
    ADD CONSTRAINT notice_document_pkey PRIMARY KEY (book, account, notice, line);

ALTER TABLE ONLY notice_page
    ADD CONSTRAINT notice_page_pkey PRIMARY KEY (book, account, notice, line);

ALTER TABLE ONLY notice
    ADD CONSTRAINT notice_pkey PRIMARY KEY (book, account, notice, line);

ALTER TABLE ONLY notice_sent
    ADD CONSTRAINT notice_sent_pkey PRIMARY KEY (book, account, notice, line);

ALTER TABLE ONLY notice_waiting
    ADD CONSTRAINT notice_waiting_pkey PRIMARY KEY (book, account, notice, line);

ALTER TABLE ONLY obligation
    ADD CONSTRAINT obligation_pkey PRIMARY KEY (book, account, obligation, line);

ALTER TABLE ONLY outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (book, account, "position", line);

ALTER TABLE ONLY over_indebtedness
    ADD CONSTRAINT over_indebtedness_pkey PRIMARY KEY (book, account, case_id);

ALTER TABLE ONLY overdraft_authorisation
    ADD CONSTRAINT overdraft_authorisation_pkey PRIMARY KEY (book, account, authorisation, line);

ALTER TABLE ONLY overdraft_claim
    ADD CONSTRAINT overdraft_claim_pkey PRIMARY KEY (book, account, claim);

ALTER TABLE ONLY overdraft_episode
    ADD CONSTRAINT overdraft_episode_pkey PRIMARY KEY (book, account, episode, kind);

ALTER TABLE ONLY overdraft_tolerance
    ADD CONSTRAINT overdraft_tolerance_pkey PRIMARY KEY (book, account, tolerance);

ALTER TABLE ONLY person
    ADD CONSTRAINT person_pkey PRIMARY KEY (person);

ALTER TABLE ONLY rate_notice
    ADD CONSTRAINT rate_notice_pkey PRIMARY KEY (book, account, notice);

ALTER TABLE ONLY record
    ADD CONSTRAINT record_pkey PRIMARY KEY (book, "position");

ALTER TABLE ONLY reference_rate_event
    ADD CONSTRAINT reference_rate_event_pkey PRIMARY KEY (name, event);

ALTER TABLE ONLY reference_rate
    ADD CONSTRAINT reference_rate_pkey PRIMARY KEY (name, day, loaded_by);

ALTER TABLE ONLY reversal
    ADD CONSTRAINT reversal_pkey PRIMARY KEY (book, operation);

ALTER TABLE ONLY secure_message
    ADD CONSTRAINT secure_message_pkey PRIMARY KEY (book, account, notice, line);

ALTER TABLE ONLY setting
    ADD CONSTRAINT setting_pkey PRIMARY KEY (name);

ALTER TABLE ONLY staff
    ADD CONSTRAINT staff_pkey PRIMARY KEY (staff);

ALTER TABLE ONLY statement
    ADD CONSTRAINT statement_book_account_first_day_key UNIQUE (book, account, first_day);

ALTER TABLE ONLY statement_choice
    ADD CONSTRAINT statement_choice_pkey PRIMARY KEY (book, account, choice);

ALTER TABLE ONLY statement_delivery
    ADD CONSTRAINT statement_delivery_pkey PRIMARY KEY (book, account, number, medium);

ALTER TABLE ONLY statement_page
    ADD CONSTRAINT statement_page_pkey PRIMARY KEY (book, account, number, language);

ALTER TABLE ONLY statement
    ADD CONSTRAINT statement_pkey PRIMARY KEY (book, account, number);

ALTER TABLE ONLY transfer_ceiling
    ADD CONSTRAINT transfer_ceiling_pkey PRIMARY KEY (book, account, request);

ALTER TABLE ONLY transfer_order
    ADD CONSTRAINT transfer_order_pkey PRIMARY KEY (book, account, transfer);

ALTER TABLE ONLY value_adjustment
    ADD CONSTRAINT value_adjustment_pkey PRIMARY KEY (book, operation);

CREATE INDEX account_amendment_open ON account_amendment USING btree (book, applies_on) WHERE (status = 1);

CREATE UNIQUE INDEX amendment_edition ON amendment USING btree (series, kind, edition) WHERE (withdrawn_by IS NULL);

CREATE INDEX fee_open ON fee USING btree (book, account) WHERE (status = ANY (ARRAY[1, 2]));

CREATE INDEX file_received_time ON file_received USING btree (book, received_at);

CREATE INDEX file_sent_unwritten ON file_sent USING btree (book, message) WHERE (written_at IS NULL);

CREATE INDEX foreign_cash_waiting ON foreign_cash USING btree (book, processed_on) WHERE (converted_by IS NULL);

CREATE INDEX hold_expiry ON hold USING btree (book, expires_at) WHERE ((status = 1) AND (expires_at IS NOT NULL));

CREATE UNIQUE INDEX journal_credit ON journal USING btree (book, credit, credit_sequence) WHERE (credit_sequence IS NOT NULL);

CREATE UNIQUE INDEX journal_debit ON journal USING btree (book, debit, debit_sequence) WHERE (debit_sequence IS NOT NULL);

CREATE UNIQUE INDEX journal_key ON journal USING btree (book, key) WHERE (key IS NOT NULL);

CREATE INDEX journal_subject ON journal USING btree (book, subject, "position") WHERE (subject IS NOT NULL);

CREATE INDEX notice_waiting_next ON notice_waiting USING btree (book, next_at) WHERE (next_at IS NOT NULL);

CREATE INDEX obligation_about ON obligation USING btree (book, account, kind, about) WHERE (discharged_at IS NULL);

CREATE INDEX obligation_due ON obligation USING btree (book, due_at) WHERE (discharged_at IS NULL);

CREATE INDEX outbox_waiting ON outbox USING btree (book, message, "position") WHERE (exported_in IS NULL);

CREATE INDEX overdraft_claim_open ON overdraft_claim USING btree (book, account) WHERE (status = ANY (ARRAY[1, 2]));

CREATE UNIQUE INDEX overdraft_episode_running ON overdraft_episode USING btree (book, account, kind) WHERE (ended_on IS NULL);

CREATE INDEX rate_notice_open ON rate_notice USING btree (book, last_day) WHERE (status = 1);

CREATE INDEX secure_message_person ON secure_message USING btree (person, available_at);

CREATE INDEX transfer_order_due ON transfer_order USING btree (book, due_on) WHERE (status = 1);

CREATE INDEX transfer_order_open ON transfer_order USING btree (book, account) WHERE (status = ANY (ARRAY[1, 2, 3, 4]));

CREATE INDEX transfer_order_reserved ON transfer_order USING btree (book, stamped_at) WHERE (status = 3);

CREATE INDEX transfer_order_waiting ON transfer_order USING btree (book, transfer) WHERE (status = 11);

ALTER TABLE ONLY account_amendment
    ADD CONSTRAINT account_amendment_amendment_fkey FOREIGN KEY (amendment) REFERENCES amendment(amendment);

ALTER TABLE ONLY account_amendment
    ADD CONSTRAINT account_amendment_book_account_fkey FOREIGN KEY (book, account) REFERENCES account(book, account);

ALTER TABLE ONLY account
    ADD CONSTRAINT account_book_fkey FOREIGN KEY (book) REFERENCES book(book);

ALTER TABLE ONLY account
    ADD CONSTRAINT account_contract_fkey FOREIGN KEY (contract) REFERENCES contract(contract);

ALTER TABLE ONLY fee
    ADD CONSTRAINT fee_book_account_fkey FOREIGN KEY (book, account) REFERENCES account(book, account);

ALTER TABLE ONLY fee_summary
    ADD CONSTRAINT fee_summary_book_account_fkey FOREIGN KEY (book, account) REFERENCES account(book, account);

ALTER TABLE ONLY foreign_cash
    ADD CONSTRAINT foreign_cash_book_account_fkey FOREIGN KEY (book, account) REFERENCES account(book, account);

ALTER TABLE ONLY hold
    ADD CONSTRAINT hold_book_account_fkey FOREIGN KEY (book, account) REFERENCES account(book, account);

ALTER TABLE ONLY interest_closing
    ADD CONSTRAINT interest_closing_book_account_fkey FOREIGN KEY (book, account) REFERENCES account(book, account);

ALTER TABLE ONLY notice
    ADD CONSTRAINT notice_book_account_fkey FOREIGN KEY (book, account) REFERENCES account(book, account);

ALTER TABLE ONLY notice_choice
    ADD CONSTRAINT notice_choice_book_account_fkey FOREIGN KEY (book, account) REFERENCES account(book, account);

ALTER TABLE ONLY notice_delivery
    ADD CONSTRAINT notice_delivery_book_account_notice_line_fkey FOREIGN KEY (book, account, notice, line) REFERENCES notice(book, account, notice, line);

ALTER TABLE ONLY notice_document
    ADD CONSTRAINT notice_document_book_account_notice_line_fkey FOREIGN KEY (book, account, notice, line) REFERENCES notice(book, account, notice, line);

ALTER TABLE ONLY notice_page
    ADD CONSTRAINT notice_page_book_account_notice_line_fkey FOREIGN KEY (book, account, notice, line) REFERENCES notice_document(book, account, notice, line);

ALTER TABLE ONLY notice_sent
    ADD CONSTRAINT notice_sent_book_account_notice_line_fkey FOREIGN KEY (book, account, notice, line) REFERENCES notice(book, account, notice, line);

ALTER TABLE ONLY over_indebtedness
    ADD CONSTRAINT over_indebtedness_book_account_fkey FOREIGN KEY (book, account) REFERENCES account(book, account);

ALTER TABLE ONLY overdraft_authorisation
    ADD CONSTRAINT overdraft_authorisation_book_account_fkey FOREIGN KEY (book, account) REFERENCES account(book, account);

ALTER TABLE ONLY overdraft_claim
    ADD CONSTRAINT overdraft_claim_book_account_fkey FOREIGN KEY (book, account) REFERENCES account(book, account);

ALTER TABLE ONLY overdraft_episode
    ADD CONSTRAINT overdraft_episode_book_account_fkey FOREIGN KEY (book, account) REFERENCES account(book, account);

ALTER TABLE ONLY overdraft_tolerance
    ADD CONSTRAINT overdraft_tolerance_book_account_fkey FOREIGN KEY (book, account) REFERENCES account(book, account);

ALTER TABLE ONLY rate_notice
    ADD CONSTRAINT rate_notice_book_account_fkey FOREIGN KEY (book, account) REFERENCES account(book, account);

ALTER TABLE ONLY secure_message
    ADD CONSTRAINT secure_message_book_account_notice_line_fkey FOREIGN KEY (book, account, notice, line) REFERENCES notice_document(book, account, notice, line);

ALTER TABLE ONLY secure_message
    ADD CONSTRAINT secure_message_person_fkey FOREIGN KEY (person) REFERENCES person(person);

ALTER TABLE ONLY statement
    ADD CONSTRAINT statement_book_account_fkey FOREIGN KEY (book, account) REFERENCES account(book, account);

ALTER TABLE ONLY statement_choice
    ADD CONSTRAINT statement_choice_book_account_fkey FOREIGN KEY (book, account) REFERENCES account(book, account);

ALTER TABLE ONLY statement_delivery
    ADD CONSTRAINT statement_delivery_book_account_number_fkey FOREIGN KEY (book, account, number) REFERENCES statement(book, account, number);

ALTER TABLE ONLY statement_page
    ADD CONSTRAINT statement_page_book_account_number_fkey FOREIGN KEY (book, account, number) REFERENCES statement(book, account, number);

ALTER TABLE ONLY transfer_ceiling
    ADD CONSTRAINT transfer_ceiling_book_account_fkey FOREIGN KEY (book, account) REFERENCES account(book, account);

ALTER TABLE ONLY transfer_order
    ADD CONSTRAINT transfer_order_book_account_fkey FOREIGN KEY (book, account) REFERENCES account(book, account);

GRANT SELECT,INSERT,UPDATE ON TABLE account TO teneur_app;

GRANT SELECT,INSERT,UPDATE ON TABLE account_amendment TO teneur_app;

GRANT SELECT,INSERT,UPDATE ON TABLE amendment TO teneur_app;

GRANT SELECT,INSERT,UPDATE ON TABLE bank_day TO teneur_app;

GRANT SELECT,INSERT ON TABLE book TO teneur_app;

GRANT SELECT,INSERT ON TABLE contract TO teneur_app;

GRANT SELECT,INSERT,UPDATE ON TABLE fee TO teneur_app;

GRANT SELECT,INSERT ON TABLE fee_summary TO teneur_app;

GRANT SELECT,INSERT,UPDATE ON TABLE file_received TO teneur_app;

GRANT SELECT,INSERT,UPDATE ON TABLE file_sent TO teneur_app;

GRANT SELECT,INSERT,UPDATE ON TABLE foreign_cash TO teneur_app;

GRANT SELECT,INSERT ON TABLE ground TO teneur_app;

GRANT SELECT,INSERT,UPDATE ON TABLE hold TO teneur_app;

GRANT SELECT,INSERT ON TABLE iban_directory TO teneur_app;

GRANT SELECT,INSERT,UPDATE ON TABLE identity_objection TO teneur_app;

GRANT SELECT,INSERT ON TABLE interest_closing TO teneur_app;

GRANT SELECT,INSERT ON TABLE journal TO teneur_app;

GRANT SELECT,INSERT ON TABLE market_rate TO teneur_app;

GRANT SELECT,INSERT ON TABLE notice TO teneur_app;

GRANT SELECT,INSERT ON TABLE notice_choice TO teneur_app;

GRANT SELECT,INSERT ON TABLE notice_delivery TO teneur_app;

GRANT UPDATE(reference) ON TABLE notice_delivery TO teneur_app;

GRANT UPDATE(ended_at) ON TABLE notice_delivery TO teneur_app;

GRANT UPDATE(outcome) ON TABLE notice_delivery TO teneur_app;

GRANT UPDATE(error) ON TABLE notice_delivery TO teneur_app;

GRANT SELECT,INSERT ON TABLE notice_document TO teneur_app;

GRANT SELECT,INSERT ON TABLE notice_page TO teneur_app;

GRANT SELECT,INSERT ON TABLE notice_sent TO teneur_app;

GRANT UPDATE(acknowledged) ON TABLE notice_sent TO teneur_app;

GRANT UPDATE(acknowledged_on) ON TABLE notice_sent TO teneur_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE notice_waiting TO teneur_app;

GRANT SELECT,INSERT,UPDATE ON TABLE obligation TO teneur_app;

GRANT SELECT,INSERT,UPDATE ON TABLE outbox TO teneur_app;

GRANT SELECT,INSERT,UPDATE ON TABLE over_indebtedness TO teneur_app;

GRANT SELECT,INSERT,UPDATE ON TABLE overdraft_authorisation TO teneur_app;

GRANT SELECT,INSERT,UPDATE ON TABLE overdraft_claim TO teneur_app;

GRANT SELECT,INSERT,UPDATE ON TABLE overdraft_episode TO teneur_app;

GRANT SELECT,INSERT ON TABLE overdraft_tolerance TO teneur_app;

GRANT SELECT,INSERT,UPDATE ON TABLE person TO teneur_app;

GRANT SELECT ON TABLE posting TO teneur_app;

GRANT SELECT,INSERT,UPDATE ON TABLE rate_notice TO teneur_app;

GRANT SELECT,INSERT ON TABLE record TO teneur_app;

GRANT SELECT,INSERT ON TABLE reference_rate TO teneur_app;

GRANT SELECT,INSERT ON TABLE reference_rate_event TO teneur_app;

GRANT SELECT,INSERT ON TABLE reversal TO teneur_app;

GRANT SELECT,INSERT ON TABLE secure_message TO teneur_app;

GRANT SELECT,INSERT,UPDATE ON TABLE setting TO teneur_app;

GRANT SELECT,INSERT,UPDATE ON TABLE staff TO teneur_app;

GRANT SELECT,INSERT ON TABLE statement TO teneur_app;

GRANT SELECT,INSERT ON TABLE statement_choice TO teneur_app;

GRANT SELECT,INSERT ON TABLE statement_delivery TO teneur_app;

GRANT SELECT,INSERT ON TABLE statement_page TO teneur_app;

GRANT SELECT,INSERT,UPDATE ON TABLE transfer_ceiling TO teneur_app;

GRANT SELECT,INSERT,UPDATE ON TABLE transfer_order TO teneur_app;

GRANT SELECT,INSERT ON TABLE value_adjustment TO teneur_app;
