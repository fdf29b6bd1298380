-- The first schema of KISS Intake, as it was released. Nothing in this file changes any more:
-- what a later release needs is a revision of its own.

CREATE SCHEMA IF NOT EXISTS audit;
CREATE SCHEMA IF NOT EXISTS analytics;
CREATE SCHEMA IF NOT EXISTS auth;
COMMENT ON SCHEMA audit IS 'Who saw and changed what; rows are only ever added.';
COMMENT ON SCHEMA analytics IS 'Kept for figures; nothing lies here yet.';
COMMENT ON SCHEMA auth IS 'Who is signed in where.';

-- Functions that tables stand on

-- each sign becomes a space, so that every reader of the words cuts them alike
CREATE FUNCTION words_folded(words text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT translate(lower(words),
        'àáâãäåçèéêëìíîïñòóôõöøùúûüýÿ.,:;!?/\@#&*()[]{}<>"''`´_-+=|~–—…“”‘’',
        'aaaaaaceeeeiiiinoooooouuuuyy                                     ')
$$;

CREATE FUNCTION ticket_words(title text, description text, name text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    -- a story may be as long as a book; what is far down is not searched for
    words text := public.words_folded(
        title || ' ' || left(description, 20000) || ' ' || coalesce(name, ''));
BEGIN
    RETURN strip(to_tsvector('pg_catalog.simple', words)
              || to_tsvector('pg_catalog.indonesian', words)
              || to_tsvector('pg_catalog.english', words));
END $$;

COMMENT ON FUNCTION words_folded IS
    'Lower case without accents and signs: what is searched for meets what was written.';
COMMENT ON FUNCTION ticket_words IS
    'What a ticket is found by: its words in Indonesian, English and as they are written.';

-- Tables, by what they refer to
CREATE SEQUENCE ticket_number_seq;

CREATE TABLE admins (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    username TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    full_name TEXT NOT NULL,
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    is_active BOOLEAN DEFAULT true NOT NULL,
    last_login TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_admins PRIMARY KEY (id),
    CONSTRAINT chk_admins_role CHECK (role IN ('agent', 'officer', 'head', 'supervisor', 'administrator', 'auditor')),
    CONSTRAINT uq_admins_username UNIQUE (username),
    CONSTRAINT uq_admins_email UNIQUE (email)
);
CREATE INDEX idx_admins_is_active ON admins (is_active);
CREATE INDEX idx_admins_role ON admins (role);
COMMENT ON TABLE admins IS 'A sign-in account. The KISS schema keeps credentials apart from the person.';
COMMENT ON COLUMN admins.id IS 'Time-ordered where we make it.';
COMMENT ON COLUMN admins.username IS 'What is typed to sign in.';
COMMENT ON COLUMN admins.password_hash IS 'Argon2id, with its salt and cost in it.';
COMMENT ON COLUMN admins.full_name IS 'The person''s name, as the account was made.';
COMMENT ON COLUMN admins.email IS 'Where links to choose a password go.';
COMMENT ON COLUMN admins.role IS 'The first of the person''s roles, as the account was made.';
COMMENT ON COLUMN admins.is_active IS 'Whether it can sign in.';
COMMENT ON COLUMN admins.last_login IS 'When it was signed in last.';
COMMENT ON COLUMN admins.created_at IS 'When the row was made.';
COMMENT ON COLUMN admins.updated_at IS 'When the row was changed last.';

CREATE TABLE audit.changes (
    seq BIGINT GENERATED ALWAYS AS IDENTITY,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    user_id UUID,
    verb TEXT NOT NULL,
    subject_id UUID,
    data JSONB DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_changes PRIMARY KEY (seq)
);
CREATE INDEX idx_changes_subject_id_at ON audit.changes (subject_id, at);
COMMENT ON TABLE audit.changes IS 'Somebody changed the house: a unit, a code, an account.';
COMMENT ON COLUMN audit.changes.seq IS 'Rises with every change.';
COMMENT ON COLUMN audit.changes.at IS 'When it was changed.';
COMMENT ON COLUMN audit.changes.user_id IS 'Who changed it; NULL: the command line, or the person themselves, not signed in.';
COMMENT ON COLUMN audit.changes.verb IS 'A noun and what was done to it: `unit.renamed`, `account.invited`.';
COMMENT ON COLUMN audit.changes.subject_id IS 'What was changed: the id of a unit, a code, an account.';
COMMENT ON COLUMN audit.changes.data IS 'Ids and codes: what it was, and what it is.';

CREATE TABLE audit.reads (
    seq BIGINT GENERATED ALWAYS AS IDENTITY,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    user_id UUID NOT NULL,
    what TEXT NOT NULL,
    ticket_id UUID,
    data JSONB DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_reads PRIMARY KEY (seq),
    CONSTRAINT chk_reads_what CHECK (what IN ('ticket', 'attachment', 'export', 'print', 'person'))
);
CREATE INDEX idx_reads_ticket_id_at ON audit.reads (ticket_id, at);
CREATE INDEX idx_reads_user_id_at ON audit.reads (user_id, at);
COMMENT ON TABLE audit.reads IS 'Somebody read something that is not theirs. `ticket_id` stays when the ticket is erased.';
COMMENT ON COLUMN audit.reads.seq IS 'Rises with every reading.';
COMMENT ON COLUMN audit.reads.at IS 'When it was read.';
COMMENT ON COLUMN audit.reads.user_id IS 'Who read; no reference, so that it stays whatever becomes of the account.';
COMMENT ON COLUMN audit.reads.what IS 'A ticket, a file of it, a table carried away, a printed page, an address.';
COMMENT ON COLUMN audit.reads.ticket_id IS 'Whose ticket''s it was; no reference, so that it stays when the ticket is erased.';
COMMENT ON COLUMN audit.reads.data IS 'Ids, codes and counts, no words of the ticket.';

CREATE TABLE channels (
    name TEXT NOT NULL,
    label JSONB DEFAULT '{}' NOT NULL,
    sign TEXT DEFAULT 'mail' NOT NULL,
    reporting TEXT DEFAULT 'tulisan' NOT NULL,
    is_spoken BOOLEAN DEFAULT false NOT NULL,
    tells_staff BOOLEAN DEFAULT false NOT NULL,
    takes TEXT,
    patience TEXT DEFAULT 'hours' NOT NULL,
    can_send BOOLEAN DEFAULT false NOT NULL,
    is_active BOOLEAN DEFAULT true NOT NULL,
    CONSTRAINT pk_channels PRIMARY KEY (name),
    CONSTRAINT chk_channels_reporting CHECK (reporting IN ('lisan', 'tulisan', 'media massa')),
    CONSTRAINT chk_channels_takes CHECK (takes IN ('email', 'phone')),
    CONSTRAINT chk_channels_patience CHECK (patience IN ('hours', 'days'))
);
COMMENT ON TABLE channels IS 'A door a ticket can come through, and what it says of itself in `intake/channel_facts.py`.';
COMMENT ON COLUMN channels.name IS 'The name of its folder: web, email, telegram, …';
COMMENT ON COLUMN channels.label IS 'What staff call it, by language.';
COMMENT ON COLUMN channels.sign IS 'The name of the picture that stands for it.';
COMMENT ON COLUMN channels.reporting IS 'How KWTK counts what comes through it, where a ticket does not say.';
COMMENT ON COLUMN channels.is_spoken IS 'Whether somebody speaks with the person there.';
COMMENT ON COLUMN channels.tells_staff IS 'Whether news for staff can go out through it.';
COMMENT ON COLUMN channels.takes IS 'The kind of contact it can write to; NULL: only its own addresses.';
COMMENT ON COLUMN channels.patience IS 'How long news is tried: hours or days.';
COMMENT ON COLUMN channels.can_send IS 'Whether news can go back through it here, as configured at the last start.';
COMMENT ON COLUMN channels.is_active IS 'Whether it takes reports.';

CREATE TABLE directory_version (
    singleton BOOLEAN DEFAULT 'true' NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    CONSTRAINT pk_directory_version PRIMARY KEY (singleton),
    CONSTRAINT chk_directory_version_singleton CHECK (singleton)
);
COMMENT ON TABLE directory_version IS 'A counter that triggers raise whenever units, categories, codes or the hospital change.';
COMMENT ON COLUMN directory_version.singleton IS 'Always true: there is one row.';
COMMENT ON COLUMN directory_version.version IS 'Rises with every change; a filing decided on an older one is decided again.';

CREATE TABLE hospital (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    singleton BOOLEAN DEFAULT 'true' NOT NULL,
    name TEXT NOT NULL,
    short_name TEXT NOT NULL,
    zone TEXT DEFAULT 'Asia/Jakarta' NOT NULL,
    languages TEXT[] DEFAULT '{id,en}' NOT NULL,
    phone TEXT DEFAULT '' NOT NULL,
    email TEXT DEFAULT '' NOT NULL,
    address TEXT DEFAULT '' NOT NULL,
    emergency_phone TEXT DEFAULT '' NOT NULL,
    public_emergency_phone TEXT DEFAULT '119' NOT NULL,
    crisis_phone TEXT DEFAULT '' NOT NULL,
    accent TEXT DEFAULT '#0f6b6b' NOT NULL,
    logo_path TEXT,
    default_sla_hours INTEGER DEFAULT '72' NOT NULL,
    reopen_days INTEGER DEFAULT '30' NOT NULL,
    retention_years INTEGER DEFAULT '5' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_hospital PRIMARY KEY (id),
    CONSTRAINT chk_hospital_zone CHECK (zone IN ('Asia/Jakarta', 'Asia/Makassar', 'Asia/Jayapura')),
    CONSTRAINT chk_hospital_singleton CHECK (singleton),
    CONSTRAINT chk_hospital_default_sla_hours CHECK (default_sla_hours > 0),
    CONSTRAINT chk_hospital_reopen_days CHECK (reopen_days >= 0),
    CONSTRAINT uq_hospital_singleton UNIQUE (singleton)
);
COMMENT ON TABLE hospital IS 'The one hospital that this installation serves.';
COMMENT ON COLUMN hospital.id IS 'Time-ordered where we make it.';
COMMENT ON COLUMN hospital.singleton IS 'Always true: there is one row.';
COMMENT ON COLUMN hospital.name IS 'Its full name.';
COMMENT ON COLUMN hospital.short_name IS 'What people call it, where there is little room.';
COMMENT ON COLUMN hospital.zone IS 'The zone its days and hours are counted in: WIB, WITA or WIT.';
COMMENT ON COLUMN hospital.languages IS 'The languages its pages can be read in, the first one first.';
COMMENT ON COLUMN hospital.phone IS 'The number for everything.';
COMMENT ON COLUMN hospital.email IS 'The address for everything.';
COMMENT ON COLUMN hospital.address IS 'Where it stands.';
COMMENT ON COLUMN hospital.emergency_phone IS 'The hospital''s own emergency department (IGD).';
COMMENT ON COLUMN hospital.public_emergency_phone IS 'The country''s or city''s emergency number.';
COMMENT ON COLUMN hospital.crisis_phone IS 'Whom somebody in despair can call.';
COMMENT ON COLUMN hospital.accent IS 'The colour of its pages.';
COMMENT ON COLUMN hospital.logo_path IS 'Key in storage of its sign; NULL: none.';
COMMENT ON COLUMN hospital.default_sla_hours IS 'Hours until an answer is due where neither category nor unit says.';
COMMENT ON COLUMN hospital.reopen_days IS 'A follow-up to a ticket closed longer ago opens a new, linked ticket.';
COMMENT ON COLUMN hospital.retention_years IS 'How long closed reports are kept before they are made anonymous.';
COMMENT ON COLUMN hospital.created_at IS 'When the row was made.';
COMMENT ON COLUMN hospital.updated_at IS 'When the row was changed last.';

CREATE TABLE periodic_jobs (
    name TEXT NOT NULL,
    every INTERVAL NOT NULL,
    next_run TIMESTAMP WITH TIME ZONE NOT NULL,
    last_run TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_periodic_jobs PRIMARY KEY (name),
    CONSTRAINT chk_periodic_jobs_every CHECK (every > interval '0')
);
COMMENT ON TABLE periodic_jobs IS 'One recurring job and when it is due next; missed slots are skipped, not caught up.';
COMMENT ON COLUMN periodic_jobs.name IS 'Which job it is.';
COMMENT ON COLUMN periodic_jobs.every IS 'The time from one run to the next.';
COMMENT ON COLUMN periodic_jobs.next_run IS 'When it is due.';
COMMENT ON COLUMN periodic_jobs.last_run IS 'When it ran last.';

CREATE TABLE rate_limits (
    key TEXT NOT NULL,
    busy_until TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_rate_limits PRIMARY KEY (key)
);
COMMENT ON TABLE rate_limits IS 'One bucket. `busy_until` moves by the refill with each taking; a past moment means full.';
COMMENT ON COLUMN rate_limits.key IS 'A signature: who tried from where is in it, and cannot be read from it.';
COMMENT ON COLUMN rate_limits.busy_until IS 'When the bucket is full again; moves by the refill with each taking.';

CREATE TABLE ringing_calls (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    external_id TEXT NOT NULL,
    number TEXT NOT NULL,
    rang_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_ringing_calls PRIMARY KEY (id),
    CONSTRAINT uq_ringing_calls_external_id UNIQUE (external_id)
);
CREATE INDEX idx_ringing_calls_rang_at ON ringing_calls (rang_at);
COMMENT ON TABLE ringing_calls IS 'One call at the exchange. `external_id` is the exchange''s own: told twice, one row.';
COMMENT ON COLUMN ringing_calls.id IS 'Time-ordered where we make it.';
COMMENT ON COLUMN ringing_calls.external_id IS 'The exchange''s own name of the call.';
COMMENT ON COLUMN ringing_calls.number IS 'Who calls, as the exchange tells it.';
COMMENT ON COLUMN ringing_calls.rang_at IS 'When it rang.';
COMMENT ON COLUMN ringing_calls.created_at IS 'When the row was made.';
COMMENT ON COLUMN ringing_calls.updated_at IS 'When the row was changed last.';

CREATE TABLE roles (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT DEFAULT '' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_roles PRIMARY KEY (id),
    CONSTRAINT uq_roles_code UNIQUE (code)
);
COMMENT ON TABLE roles IS 'A role a member of staff can hold.';
COMMENT ON COLUMN roles.id IS 'Time-ordered where we make it.';
COMMENT ON COLUMN roles.code IS 'What the code asks for.';
COMMENT ON COLUMN roles.name IS 'What staff read, in Indonesian.';
COMMENT ON COLUMN roles.description IS 'The same in English.';
COMMENT ON COLUMN roles.created_at IS 'When the row was made.';
COMMENT ON COLUMN roles.updated_at IS 'When the row was changed last.';

CREATE TABLE ticket_days (
    day DATE NOT NULL,
    base BIGINT NOT NULL,
    CONSTRAINT pk_ticket_days PRIMARY KEY (day)
);
COMMENT ON TABLE ticket_days IS 'The value of the number sequence at which a day''s tickets begin: number = value - base.';
COMMENT ON COLUMN ticket_days.day IS 'The hospital''s day.';
COMMENT ON COLUMN ticket_days.base IS 'The sequence''s value before the first ticket of the day.';

CREATE TABLE unit_types (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    name TEXT NOT NULL,
    code TEXT NOT NULL,
    description TEXT DEFAULT '' NOT NULL,
    is_active BOOLEAN DEFAULT true NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_unit_types PRIMARY KEY (id),
    CONSTRAINT uq_unit_types_name UNIQUE (name),
    CONSTRAINT uq_unit_types_code UNIQUE (code)
);
CREATE INDEX idx_unit_types_is_active ON unit_types (is_active);
COMMENT ON TABLE unit_types IS 'A kind of unit: ward, clinic, support.';
COMMENT ON COLUMN unit_types.id IS 'Time-ordered where we make it.';
COMMENT ON COLUMN unit_types.name IS 'What staff read.';
COMMENT ON COLUMN unit_types.code IS 'The short form in tables and files.';
COMMENT ON COLUMN unit_types.description IS 'What it means, in a sentence.';
COMMENT ON COLUMN unit_types.is_active IS 'Whether it can be chosen.';
COMMENT ON COLUMN unit_types.created_at IS 'When the row was made.';
COMMENT ON COLUMN unit_types.updated_at IS 'When the row was changed last.';

CREATE TABLE waiting_files (
    key TEXT NOT NULL,
    machine TEXT NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_waiting_files PRIMARY KEY (key, machine)
);
COMMENT ON TABLE waiting_files IS 'A file that is durable on one machine and not yet in the store.';
COMMENT ON COLUMN waiting_files.key IS 'Key in storage, as the rows name it that the file belongs to.';
COMMENT ON COLUMN waiting_files.machine IS 'The machine whose spool holds it; equal content may wait on several.';
COMMENT ON COLUMN waiting_files.since IS 'Since when it waits there.';

CREATE TABLE auth.browsers (
    token_hash BYTEA NOT NULL,
    admin_id UUID NOT NULL,
    known_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_browsers PRIMARY KEY (token_hash, admin_id),
    CONSTRAINT fk_browsers_admins FOREIGN KEY(admin_id) REFERENCES admins (id) ON DELETE CASCADE
);
CREATE INDEX idx_browsers_admin_id ON auth.browsers (admin_id);
COMMENT ON TABLE auth.browsers IS 'A browser in which an account was signed in before; several may share one at a desk.';
COMMENT ON COLUMN auth.browsers.token_hash IS 'SHA-256 of the token in its cookie.';
COMMENT ON COLUMN auth.browsers.admin_id IS 'The account that was signed in there.';
COMMENT ON COLUMN auth.browsers.known_at IS 'Since when.';

CREATE TABLE auth.second_factors (
    admin_id UUID NOT NULL,
    salt BYTEA NOT NULL,
    enrolled_at TIMESTAMP WITH TIME ZONE,
    last_step BIGINT DEFAULT '0' NOT NULL,
    CONSTRAINT pk_second_factors PRIMARY KEY (admin_id),
    CONSTRAINT fk_second_factors_admins FOREIGN KEY(admin_id) REFERENCES admins (id) ON DELETE CASCADE
);
COMMENT ON TABLE auth.second_factors IS 'An account''s authenticator. Not enrolled until a first code was shown.';
COMMENT ON COLUMN auth.second_factors.admin_id IS 'The account it protects.';
COMMENT ON COLUMN auth.second_factors.salt IS 'Random; with the installation''s secret it makes the shared secret.';
COMMENT ON COLUMN auth.second_factors.enrolled_at IS 'When a first code was shown; NULL: not in use yet.';
COMMENT ON COLUMN auth.second_factors.last_step IS 'The newest step whose code was used; that one and older ones are refused (§5.2).';

CREATE TABLE auth.sessions (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    admin_id UUID NOT NULL,
    token_hash BYTEA NOT NULL,
    begun_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    browser TEXT DEFAULT '' NOT NULL,
    address INET,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_sessions PRIMARY KEY (id),
    CONSTRAINT fk_sessions_admins FOREIGN KEY(admin_id) REFERENCES admins (id) ON DELETE CASCADE,
    CONSTRAINT uq_sessions_token_hash UNIQUE (token_hash)
);
CREATE INDEX idx_sessions_admin_id ON auth.sessions (admin_id) WHERE ended_at IS NULL;
COMMENT ON TABLE auth.sessions IS 'One browser in which somebody is signed in.';
COMMENT ON COLUMN auth.sessions.id IS 'Time-ordered where we make it.';
COMMENT ON COLUMN auth.sessions.admin_id IS 'The account that is signed in.';
COMMENT ON COLUMN auth.sessions.token_hash IS 'SHA-256 of the token in the cookie.';
COMMENT ON COLUMN auth.sessions.begun_at IS 'When the password was shown.';
COMMENT ON COLUMN auth.sessions.seen_at IS 'When it was used last, give or take a minute.';
COMMENT ON COLUMN auth.sessions.ended_at IS 'When it was ended by hand; NULL: it lives, or ended by itself.';
COMMENT ON COLUMN auth.sessions.confirmed_at IS 'When the second factor was shown, or at once where none is asked for.';
COMMENT ON COLUMN auth.sessions.browser IS 'Browser and system in two words, so that people know their own sessions again.';
COMMENT ON COLUMN auth.sessions.address IS 'The network address it began from.';
COMMENT ON COLUMN auth.sessions.created_at IS 'When the row was made.';
COMMENT ON COLUMN auth.sessions.updated_at IS 'When the row was changed last.';

CREATE TABLE chat_files (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    ref TEXT NOT NULL,
    lane TEXT,
    name TEXT NOT NULL,
    size BIGINT DEFAULT '0' NOT NULL,
    path TEXT DEFAULT '' NOT NULL,
    mime_type TEXT DEFAULT 'application/octet-stream' NOT NULL,
    display_path TEXT,
    reason TEXT,
    seq BIGINT GENERATED ALWAYS AS IDENTITY,
    status TEXT DEFAULT 'pending' NOT NULL,
    attempts INTEGER DEFAULT '0' NOT NULL,
    losses SMALLINT DEFAULT '0' NOT NULL,
    next_attempt_at TIMESTAMP WITH TIME ZONE NOT NULL,
    reopened_at TIMESTAMP WITH TIME ZONE,
    lease_until TIMESTAMP WITH TIME ZONE,
    held_by UUID,
    last_error TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_chat_files PRIMARY KEY (id),
    CONSTRAINT chk_chat_files_status CHECK (status IN ('pending', 'queued', 'fetching', 'stored', 'quarantined', 'failed')),
    CONSTRAINT uq_chat_files_channel_address_ref UNIQUE (channel, address, ref),
    CONSTRAINT chk_chat_files_size CHECK (size >= 0),
    CONSTRAINT fk_chat_files_channels FOREIGN KEY(channel) REFERENCES channels (name)
);
CREATE INDEX idx_chat_files_due ON chat_files (next_attempt_at, seq) WHERE status = 'pending';
CREATE INDEX idx_chat_files_leased ON chat_files (lease_until) WHERE status IN ('queued', 'fetching');
CREATE INDEX idx_chat_files_order ON chat_files (lane, seq) WHERE status IN ('pending', 'queued', 'fetching');
CREATE INDEX idx_chat_files_path ON chat_files (path);
COMMENT ON TABLE chat_files IS 'A file of a chat. While it is under way it is still to be fetched from the channel.';
COMMENT ON COLUMN chat_files.id IS 'Time-ordered where we make it.';
COMMENT ON COLUMN chat_files.channel IS 'The chat''s channel.';
COMMENT ON COLUMN chat_files.address IS 'The chat in the channel''s own form.';
COMMENT ON COLUMN chat_files.ref IS 'The channel''s own name of the file.';
COMMENT ON COLUMN chat_files.lane IS 'Always NULL: files wait for nothing else.';
COMMENT ON COLUMN chat_files.name IS 'What the person''s device calls it.';
COMMENT ON COLUMN chat_files.size IS 'Bytes; 0 while nobody has told.';
COMMENT ON COLUMN chat_files.path IS 'Key in storage; empty while it is under way or could not be fetched.';
COMMENT ON COLUMN chat_files.mime_type IS 'What it is by its bytes, not by what was said of it.';
COMMENT ON COLUMN chat_files.display_path IS 'Key of the re-encoded picture without metadata, which pages show.';
COMMENT ON COLUMN chat_files.reason IS 'Why it is quarantined or could not be fetched, as a code.';
COMMENT ON COLUMN chat_files.seq IS 'The order in which rows were made.';
COMMENT ON COLUMN chat_files.status IS 'How far it is worked off.';
COMMENT ON COLUMN chat_files.attempts IS 'How often it was tried.';
COMMENT ON COLUMN chat_files.losses IS 'Workers in a row that held it and never came back.';
COMMENT ON COLUMN chat_files.next_attempt_at IS 'When it is tried, or tried again.';
COMMENT ON COLUMN chat_files.reopened_at IS 'When it was given all its attempts anew; patience counts from here, if not NULL.';
COMMENT ON COLUMN chat_files.lease_until IS 'Until when a broker or a worker has it; past that it is anybody''s.';
COMMENT ON COLUMN chat_files.held_by IS 'The claim that holds it, or held it last; any other changes nothing.';
COMMENT ON COLUMN chat_files.last_error IS 'The code of the last fault, never its words.';
COMMENT ON COLUMN chat_files.created_at IS 'When the row was made.';
COMMENT ON COLUMN chat_files.updated_at IS 'When the row was changed last.';

CREATE TABLE chat_sessions (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    state JSONB DEFAULT '{}' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_chat_sessions PRIMARY KEY (id),
    CONSTRAINT uq_chat_sessions_channel_address UNIQUE (channel, address),
    CONSTRAINT fk_chat_sessions_channels FOREIGN KEY(channel) REFERENCES channels (name)
);
COMMENT ON TABLE chat_sessions IS 'One chat. Its row is locked while anything happens to it, so one thing follows another.';
COMMENT ON COLUMN chat_sessions.id IS 'Time-ordered where we make it.';
COMMENT ON COLUMN chat_sessions.channel IS 'The chat''s channel.';
COMMENT ON COLUMN chat_sessions.address IS 'The chat in the channel''s own form; news of its tickets goes there.';
COMMENT ON COLUMN chat_sessions.state IS 'Where the conversation stands, as `intake.dialogue.state.dump` writes it.';
COMMENT ON COLUMN chat_sessions.created_at IS 'When the row was made.';
COMMENT ON COLUMN chat_sessions.updated_at IS 'When the row was changed last.';

CREATE TABLE units (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    name TEXT NOT NULL,
    code TEXT NOT NULL,
    parent_unit_id UUID,
    unit_type_id UUID,
    description TEXT DEFAULT '' NOT NULL,
    contact_email TEXT,
    contact_phone TEXT,
    sla_hours INTEGER,
    is_active BOOLEAN DEFAULT true NOT NULL,
    is_triage_desk BOOLEAN DEFAULT false NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_units PRIMARY KEY (id),
    CONSTRAINT chk_units_sla_hours CHECK (sla_hours > 0),
    CONSTRAINT chk_units_parent CHECK (parent_unit_id <> id),
    CONSTRAINT uq_units_code UNIQUE (code),
    CONSTRAINT fk_units_units FOREIGN KEY(parent_unit_id) REFERENCES units (id) ON DELETE SET NULL,
    CONSTRAINT fk_units_unit_types FOREIGN KEY(unit_type_id) REFERENCES unit_types (id) ON DELETE RESTRICT
);
CREATE INDEX idx_units_is_active ON units (is_active);
CREATE INDEX idx_units_parent_unit_id ON units (parent_unit_id);
CREATE UNIQUE INDEX idx_units_triage_desk ON units (is_triage_desk) WHERE is_triage_desk;
CREATE INDEX idx_units_unit_type_id ON units (unit_type_id);
COMMENT ON TABLE units IS 'A unit that can own tickets. `sla_hours` NULL means: as the category says, else the default.';
COMMENT ON COLUMN units.id IS 'Time-ordered where we make it.';
COMMENT ON COLUMN units.name IS 'What people and staff read.';
COMMENT ON COLUMN units.code IS 'The short form in rules, files and subjects.';
COMMENT ON COLUMN units.parent_unit_id IS 'The unit it belongs to; NULL: it stands at the top.';
COMMENT ON COLUMN units.unit_type_id IS 'What kind of unit it is.';
COMMENT ON COLUMN units.description IS 'What it does, in a sentence.';
COMMENT ON COLUMN units.contact_email IS 'Where news for it goes; NULL: to nobody by e-mail.';
COMMENT ON COLUMN units.contact_phone IS 'How it is called.';
COMMENT ON COLUMN units.sla_hours IS 'Hours until an answer is due; NULL: as the category says, else the default.';
COMMENT ON COLUMN units.is_active IS 'Whether it gets reports.';
COMMENT ON COLUMN units.is_triage_desk IS 'The one unit that gets whatever no rule could place.';
COMMENT ON COLUMN units.created_at IS 'When the row was made.';
COMMENT ON COLUMN units.updated_at IS 'When the row was changed last.';

CREATE TABLE chat_lines (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    session_id UUID NOT NULL,
    seq INTEGER GENERATED ALWAYS AS IDENTITY,
    author TEXT NOT NULL,
    body TEXT NOT NULL,
    payload JSONB DEFAULT '{}' NOT NULL,
    delivery_id UUID,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_chat_lines PRIMARY KEY (id),
    CONSTRAINT chk_chat_lines_author CHECK (author IN ('person', 'bot')),
    CONSTRAINT fk_chat_lines_chat_sessions FOREIGN KEY(session_id) REFERENCES chat_sessions (id) ON DELETE CASCADE,
    CONSTRAINT uq_chat_lines_delivery_id UNIQUE (delivery_id)
);
CREATE INDEX idx_chat_lines_session_id_seq ON chat_lines (session_id, seq);
COMMENT ON TABLE chat_lines IS 'One message as the page shows it.';
COMMENT ON COLUMN chat_lines.id IS 'Time-ordered where we make it.';
COMMENT ON COLUMN chat_lines.session_id IS 'The chat it belongs to.';
COMMENT ON COLUMN chat_lines.seq IS 'The order in which the page shows lines.';
COMMENT ON COLUMN chat_lines.author IS 'Who said it: the person or the bot.';
COMMENT ON COLUMN chat_lines.body IS 'What was said.';
COMMENT ON COLUMN chat_lines.payload IS 'Buttons with their ids, the names of files, the ticket it is about.';
COMMENT ON COLUMN chat_lines.delivery_id IS 'The notice it came from: told twice, shown once.';
COMMENT ON COLUMN chat_lines.at IS 'When it was said.';
COMMENT ON COLUMN chat_lines.created_at IS 'When the row was made.';
COMMENT ON COLUMN chat_lines.updated_at IS 'When the row was changed last.';

CREATE TABLE chat_timers (
    session_id UUID NOT NULL,
    name TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_chat_timers PRIMARY KEY (session_id, name),
    CONSTRAINT fk_chat_timers_chat_sessions FOREIGN KEY(session_id) REFERENCES chat_sessions (id) ON DELETE CASCADE
);
CREATE INDEX idx_chat_timers_at ON chat_timers (at);
COMMENT ON TABLE chat_timers IS 'A moment at which a chat wants to be told that it has come.';
COMMENT ON COLUMN chat_timers.session_id IS 'The chat that asked for it.';
COMMENT ON COLUMN chat_timers.name IS 'What it is for; a chat has one of each name.';
COMMENT ON COLUMN chat_timers.at IS 'When the chat is told.';

CREATE TABLE qr_codes (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    unit_id UUID NOT NULL,
    code TEXT NOT NULL,
    token TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT DEFAULT '' NOT NULL,
    is_active BOOLEAN DEFAULT true NOT NULL,
    usage_count INTEGER DEFAULT '0' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_qr_codes PRIMARY KEY (id),
    CONSTRAINT chk_qr_codes_token CHECK (token ~ '^[A-Za-z0-9_-]{22,62}$'),
    CONSTRAINT chk_qr_codes_usage_count CHECK (usage_count >= 0),
    CONSTRAINT fk_qr_codes_units FOREIGN KEY(unit_id) REFERENCES units (id) ON DELETE CASCADE,
    CONSTRAINT uq_qr_codes_code UNIQUE (code),
    CONSTRAINT uq_qr_codes_token UNIQUE (token)
);
CREATE INDEX idx_qr_codes_is_active ON qr_codes (is_active);
CREATE INDEX idx_qr_codes_unit_id ON qr_codes (unit_id);
COMMENT ON TABLE qr_codes IS 'A code on a poster. Retiring or re-pointing it needs no reprint: the token stays.';
COMMENT ON COLUMN qr_codes.id IS 'Time-ordered where we make it.';
COMMENT ON COLUMN qr_codes.unit_id IS 'The unit it leads to.';
COMMENT ON COLUMN qr_codes.code IS 'What a person without a camera types, e.g. MELATI-1.';
COMMENT ON COLUMN qr_codes.token IS '128 bits at least; 62 characters at most: `u_` + token fits Telegram''s 64.';
COMMENT ON COLUMN qr_codes.name IS 'Where it hangs.';
COMMENT ON COLUMN qr_codes.description IS 'A note for whoever looks after the posters.';
COMMENT ON COLUMN qr_codes.is_active IS 'Whether it leads to the unit; a retired one leads to the general form.';
COMMENT ON COLUMN qr_codes.usage_count IS 'How often it was scanned.';
COMMENT ON COLUMN qr_codes.created_at IS 'When the row was made.';
COMMENT ON COLUMN qr_codes.updated_at IS 'When the row was changed last.';

CREATE TABLE service_categories (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    name TEXT NOT NULL,
    code TEXT NOT NULL,
    description TEXT DEFAULT '' NOT NULL,
    default_sla_hours INTEGER,
    requires_attachment BOOLEAN DEFAULT false NOT NULL,
    is_active BOOLEAN DEFAULT true NOT NULL,
    unit_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_service_categories PRIMARY KEY (id),
    CONSTRAINT chk_service_categories_default_sla_hours CHECK (default_sla_hours > 0),
    CONSTRAINT uq_service_categories_code UNIQUE (code),
    CONSTRAINT fk_service_categories_units FOREIGN KEY(unit_id) REFERENCES units (id) ON DELETE SET NULL
);
CREATE INDEX idx_service_categories_is_active ON service_categories (is_active);
COMMENT ON TABLE service_categories IS 'A category. `requires_attachment` is shown as a wish and never blocks a report.';
COMMENT ON COLUMN service_categories.id IS 'Time-ordered where we make it.';
COMMENT ON COLUMN service_categories.name IS 'What people and staff read.';
COMMENT ON COLUMN service_categories.code IS 'The short form in tables and rules: MED, ADM, …';
COMMENT ON COLUMN service_categories.description IS 'What it covers, in a sentence.';
COMMENT ON COLUMN service_categories.default_sla_hours IS 'Hours until an answer is due; NULL: the hospital''s default.';
COMMENT ON COLUMN service_categories.requires_attachment IS 'Whether a file is wished for; a report without one is taken all the same.';
COMMENT ON COLUMN service_categories.is_active IS 'Whether it can be chosen.';
COMMENT ON COLUMN service_categories.unit_id IS 'The unit that answers for this category when nothing else names one.';
COMMENT ON COLUMN service_categories.created_at IS 'When the row was made.';
COMMENT ON COLUMN service_categories.updated_at IS 'When the row was changed last.';

CREATE TABLE unit_aliases (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    unit_id UUID NOT NULL,
    alias TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_unit_aliases PRIMARY KEY (id),
    CONSTRAINT fk_unit_aliases_units FOREIGN KEY(unit_id) REFERENCES units (id) ON DELETE CASCADE,
    CONSTRAINT uq_unit_aliases_alias UNIQUE (alias)
);
CREATE INDEX idx_unit_aliases_unit_id ON unit_aliases (unit_id);
COMMENT ON TABLE unit_aliases IS 'Another name of a unit: an e-mail address it receives at, or what people call it.';
COMMENT ON COLUMN unit_aliases.id IS 'Time-ordered where we make it.';
COMMENT ON COLUMN unit_aliases.unit_id IS 'The unit it means.';
COMMENT ON COLUMN unit_aliases.alias IS 'Lower case: a mailbox''s local part, a whole address, or a name that people say.';
COMMENT ON COLUMN unit_aliases.created_at IS 'When the row was made.';
COMMENT ON COLUMN unit_aliases.updated_at IS 'When the row was changed last.';

CREATE TABLE users (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    admin_id UUID,
    unit_id UUID,
    full_name TEXT NOT NULL,
    email TEXT,
    phone TEXT,
    language TEXT DEFAULT 'id' NOT NULL,
    is_active BOOLEAN DEFAULT true NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_users PRIMARY KEY (id),
    CONSTRAINT uq_users_admin_id UNIQUE (admin_id),
    CONSTRAINT fk_users_admins FOREIGN KEY(admin_id) REFERENCES admins (id) ON DELETE SET NULL,
    CONSTRAINT fk_users_units FOREIGN KEY(unit_id) REFERENCES units (id) ON DELETE RESTRICT,
    CONSTRAINT uq_users_email UNIQUE (email)
);
CREATE INDEX idx_users_is_active ON users (is_active);
CREATE INDEX idx_users_unit_id ON users (unit_id);
COMMENT ON TABLE users IS 'A member of staff: where they work and how they are reached.';
COMMENT ON COLUMN users.id IS 'Time-ordered where we make it.';
COMMENT ON COLUMN users.admin_id IS 'The account they sign in with; NULL: they do not.';
COMMENT ON COLUMN users.unit_id IS 'Where they work; NULL: in the whole house.';
COMMENT ON COLUMN users.full_name IS 'Their name.';
COMMENT ON COLUMN users.email IS 'Where news for them goes.';
COMMENT ON COLUMN users.phone IS 'How they are called.';
COMMENT ON COLUMN users.language IS 'The language their pages and news are in.';
COMMENT ON COLUMN users.is_active IS 'Whether they work here.';
COMMENT ON COLUMN users.created_at IS 'When the row was made.';
COMMENT ON COLUMN users.updated_at IS 'When the row was changed last.';

CREATE TABLE auth.links (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    admin_id UUID NOT NULL,
    purpose TEXT NOT NULL,
    token_hash BYTEA NOT NULL,
    made_by UUID,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_links PRIMARY KEY (id),
    CONSTRAINT chk_links_purpose CHECK (purpose IN ('invite', 'reset')),
    CONSTRAINT fk_links_admins FOREIGN KEY(admin_id) REFERENCES admins (id) ON DELETE CASCADE,
    CONSTRAINT uq_links_token_hash UNIQUE (token_hash),
    CONSTRAINT fk_links_users FOREIGN KEY(made_by) REFERENCES users (id) ON DELETE SET NULL
);
CREATE INDEX idx_links_admin_id ON auth.links (admin_id);
COMMENT ON TABLE auth.links IS 'A link to choose a password. Only its hash is kept; making a new one ends the old ones.';
COMMENT ON COLUMN auth.links.id IS 'Time-ordered where we make it.';
COMMENT ON COLUMN auth.links.admin_id IS 'The account it is for.';
COMMENT ON COLUMN auth.links.purpose IS 'An invitation, or a reset of the password.';
COMMENT ON COLUMN auth.links.token_hash IS 'SHA-256 of the token in the link.';
COMMENT ON COLUMN auth.links.made_by IS 'Who made it; NULL: the person themselves, or the command line.';
COMMENT ON COLUMN auth.links.expires_at IS 'Until when it works.';
COMMENT ON COLUMN auth.links.used_at IS 'When it was used, or ended by a newer one.';
COMMENT ON COLUMN auth.links.created_at IS 'When the row was made.';
COMMENT ON COLUMN auth.links.updated_at IS 'When the row was changed last.';

CREATE TABLE call_drafts (
    id UUID NOT NULL,
    user_id UUID NOT NULL,
    fields JSONB NOT NULL,
    begun_at TIMESTAMP WITH TIME ZONE NOT NULL,
    saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_call_drafts PRIMARY KEY (id),
    CONSTRAINT fk_call_drafts_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX idx_call_drafts_saved_at ON call_drafts (saved_at);
CREATE INDEX idx_call_drafts_user_id_saved_at ON call_drafts (user_id, saved_at);
COMMENT ON TABLE call_drafts IS 'What one agent has typed of one call.';
COMMENT ON COLUMN call_drafts.id IS 'The key of the report it becomes: sent twice, it is one ticket.';
COMMENT ON COLUMN call_drafts.user_id IS 'Whose draft it is.';
COMMENT ON COLUMN call_drafts.fields IS 'What was typed, by field of the form.';
COMMENT ON COLUMN call_drafts.begun_at IS 'When the call began.';
COMMENT ON COLUMN call_drafts.saved_at IS 'When it was kept last; days later it is forgotten.';

CREATE TABLE inbox_views (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    name TEXT,
    wanted JSONB DEFAULT '{}' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_inbox_views PRIMARY KEY (id),
    CONSTRAINT uq_inbox_views_user_id_name UNIQUE (user_id, name),
    CONSTRAINT fk_inbox_views_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
COMMENT ON TABLE inbox_views IS 'A view of one person. Without a name it is a search, and makes room for later ones.';
COMMENT ON COLUMN inbox_views.id IS 'Time-ordered where we make it.';
COMMENT ON COLUMN inbox_views.user_id IS 'Whose view it is.';
COMMENT ON COLUMN inbox_views.name IS 'What they call it; NULL: a search that was not kept by name.';
COMMENT ON COLUMN inbox_views.wanted IS 'What it shows: words, filters and order.';
COMMENT ON COLUMN inbox_views.created_at IS 'When the row was made.';
COMMENT ON COLUMN inbox_views.updated_at IS 'When the row was changed last.';

CREATE TABLE survey_answers (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    key TEXT NOT NULL,
    channel TEXT NOT NULL,
    unit_id UUID,
    qr_code_id UUID,
    answers JSONB DEFAULT '{}' NOT NULL,
    remarks TEXT DEFAULT '' NOT NULL,
    is_complete BOOLEAN NOT NULL,
    answered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_survey_answers PRIMARY KEY (id),
    CONSTRAINT uq_survey_answers_key UNIQUE (key),
    CONSTRAINT fk_survey_answers_channels FOREIGN KEY(channel) REFERENCES channels (name),
    CONSTRAINT fk_survey_answers_units FOREIGN KEY(unit_id) REFERENCES units (id) ON DELETE SET NULL,
    CONSTRAINT fk_survey_answers_qr_codes FOREIGN KEY(qr_code_id) REFERENCES qr_codes (id) ON DELETE SET NULL
);
CREATE INDEX idx_survey_answers_answered_at ON survey_answers (answered_at);
CREATE INDEX idx_survey_answers_qr_code_id ON survey_answers (qr_code_id);
CREATE INDEX idx_survey_answers_unit_id ON survey_answers (unit_id);
COMMENT ON TABLE survey_answers IS 'One person''s answers: element code → 1 to 4; an unanswered element is missing.';
COMMENT ON COLUMN survey_answers.id IS 'Time-ordered where we make it.';
COMMENT ON COLUMN survey_answers.key IS 'Channel and the survey''s own id: told twice, filed once.';
COMMENT ON COLUMN survey_answers.channel IS 'The door it came through.';
COMMENT ON COLUMN survey_answers.unit_id IS 'The unit it is about; NULL: the whole house.';
COMMENT ON COLUMN survey_answers.qr_code_id IS 'The poster that was scanned.';
COMMENT ON COLUMN survey_answers.answers IS 'Element code to a number from 1 to 4; an unanswered element is missing.';
COMMENT ON COLUMN survey_answers.remarks IS 'What the person wrote beside it.';
COMMENT ON COLUMN survey_answers.is_complete IS 'Whether the person came to the end.';
COMMENT ON COLUMN survey_answers.answered_at IS 'When the last answer was given.';
COMMENT ON COLUMN survey_answers.created_at IS 'When the row was made.';
COMMENT ON COLUMN survey_answers.updated_at IS 'When the row was changed last.';

CREATE TABLE tickets (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    ticket_number TEXT NOT NULL,
    type TEXT NOT NULL,
    category_id UUID,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    submitter_name TEXT,
    submitter_email TEXT,
    submitter_phone TEXT,
    submitter_address TEXT,
    is_anonymous BOOLEAN DEFAULT false NOT NULL,
    unit_id UUID NOT NULL,
    assigned_to UUID,
    created_by UUID,
    status TEXT DEFAULT 'open' NOT NULL,
    priority TEXT DEFAULT 'medium' NOT NULL,
    urgency_level SMALLINT DEFAULT '3' NOT NULL,
    ai_classification JSONB,
    sentiment_score NUMERIC(3, 2),
    confidence_score NUMERIC(3, 2),
    sla_deadline TIMESTAMP WITH TIME ZONE NOT NULL,
    first_response_at TIMESTAMP WITH TIME ZONE,
    resolved_at TIMESTAMP WITH TIME ZONE,
    source TEXT NOT NULL,
    qr_code_id UUID,
    ip_address INET,
    user_agent TEXT,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE,
    closed_at TIMESTAMP WITH TIME ZONE,
    language TEXT DEFAULT 'id' NOT NULL,
    for_whom TEXT,
    reporting TEXT,
    routing_reason TEXT NOT NULL,
    sla_reason TEXT NOT NULL,
    risk_grade TEXT,
    grade_set_by UUID,
    grade_set_at TIMESTAMP WITH TIME ZONE,
    rating SMALLINT,
    rating_comment TEXT,
    waiting_since TIMESTAMP WITH TIME ZONE,
    tracking_hash BYTEA NOT NULL,
    search TSVECTOR GENERATED ALWAYS AS (ticket_words(title, description, submitter_name)) STORED NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_tickets PRIMARY KEY (id),
    CONSTRAINT chk_tickets_ticket_number CHECK (ticket_number ~ '^TKT-[0-9]{8}-[0-9]{4,}$'),
    CONSTRAINT chk_tickets_type CHECK (type IN ('information', 'complaint', 'suggestion', 'satisfaction')),
    CONSTRAINT chk_tickets_status CHECK (status IN ('open', 'in_progress', 'escalated', 'resolved', 'closed')),
    CONSTRAINT chk_tickets_priority CHECK (priority IN ('low', 'medium', 'high', 'critical')),
    CONSTRAINT chk_tickets_urgency_level CHECK (urgency_level BETWEEN 1 AND 5),
    CONSTRAINT chk_tickets_sentiment_score CHECK (sentiment_score BETWEEN -1 AND 1),
    CONSTRAINT chk_tickets_confidence_score CHECK (confidence_score BETWEEN 0 AND 1),
    CONSTRAINT chk_tickets_sla_deadline CHECK (sla_deadline > received_at),
    CONSTRAINT chk_tickets_resolved_at CHECK (resolved_at >= received_at),
    CONSTRAINT chk_tickets_risk_grade CHECK (risk_grade IN ('red', 'yellow', 'green')),
    CONSTRAINT chk_tickets_for_whom CHECK (for_whom IN ('self', 'family', 'visitor', 'staff')),
    CONSTRAINT chk_tickets_language CHECK (language IN ('id', 'en')),
    CONSTRAINT chk_tickets_reporting CHECK (reporting IN ('lisan', 'tulisan', 'media massa')),
    CONSTRAINT chk_tickets_rating CHECK (rating BETWEEN 1 AND 5),
    CONSTRAINT uq_tickets_ticket_number UNIQUE (ticket_number),
    CONSTRAINT fk_tickets_service_categories FOREIGN KEY(category_id) REFERENCES service_categories (id) ON DELETE SET NULL,
    CONSTRAINT fk_tickets_units FOREIGN KEY(unit_id) REFERENCES units (id) ON DELETE RESTRICT,
    CONSTRAINT fk_tickets_users FOREIGN KEY(assigned_to) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT fk_tickets_users_created_by FOREIGN KEY(created_by) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT fk_tickets_channels FOREIGN KEY(source) REFERENCES channels (name),
    CONSTRAINT fk_tickets_qr_codes FOREIGN KEY(qr_code_id) REFERENCES qr_codes (id) ON DELETE SET NULL,
    CONSTRAINT fk_tickets_users_grade_set_by FOREIGN KEY(grade_set_by) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT uq_tickets_tracking_hash UNIQUE (tracking_hash)
);
CREATE INDEX idx_tickets_assigned_to ON tickets (assigned_to);
CREATE INDEX idx_tickets_assigned_to_status ON tickets (assigned_to, status);
CREATE INDEX idx_tickets_category_id ON tickets (category_id);
CREATE INDEX idx_tickets_created_by ON tickets (created_by) WHERE created_by IS NOT NULL;
CREATE INDEX idx_tickets_newest ON tickets (received_at, id);
CREATE INDEX idx_tickets_owed ON tickets (sla_deadline, id) INCLUDE (unit_id, assigned_to, created_by, waiting_since) WHERE status IN ('open', 'in_progress', 'escalated');
CREATE INDEX idx_tickets_owed_person ON tickets (assigned_to, sla_deadline) WHERE status IN ('open', 'in_progress', 'escalated');
CREATE INDEX idx_tickets_owed_unit ON tickets (unit_id, sla_deadline) WHERE status IN ('open', 'in_progress', 'escalated');
CREATE INDEX idx_tickets_priority ON tickets (priority);
CREATE INDEX idx_tickets_qr_code_id ON tickets (qr_code_id);
CREATE INDEX idx_tickets_risk_grade ON tickets (risk_grade);
CREATE INDEX idx_tickets_search ON tickets USING gin (search);
CREATE INDEX idx_tickets_sla_deadline ON tickets (sla_deadline);
CREATE INDEX idx_tickets_source ON tickets (source);
CREATE INDEX idx_tickets_status ON tickets (status);
CREATE INDEX idx_tickets_status_priority ON tickets (status, priority);
CREATE INDEX idx_tickets_submitter_email ON tickets (submitter_email);
CREATE INDEX idx_tickets_submitter_phone ON tickets (submitter_phone);
CREATE INDEX idx_tickets_type ON tickets (type);
CREATE INDEX idx_tickets_unit_id ON tickets (unit_id);
CREATE INDEX idx_tickets_unit_id_status ON tickets (unit_id, status);
CREATE INDEX idx_tickets_unit_newest ON tickets (unit_id, received_at);
CREATE INDEX idx_tickets_waiting ON tickets (sla_deadline, id) WHERE waiting_since IS NOT NULL;
COMMENT ON TABLE tickets IS 'One report. Its verbs return the Event that the caller records in the same transaction.';
COMMENT ON COLUMN tickets.id IS 'Time-ordered where we make it.';
COMMENT ON COLUMN tickets.ticket_number IS 'TKT, the hospital''s day of arrival and a number; a label, which opens nothing.';
COMMENT ON COLUMN tickets.type IS 'Complaint, information, suggestion or satisfaction.';
COMMENT ON COLUMN tickets.category_id IS 'What it is about; NULL: not said and not decided.';
COMMENT ON COLUMN tickets.title IS 'Its words in a line.';
COMMENT ON COLUMN tickets.description IS 'What the person wrote or said.';
COMMENT ON COLUMN tickets.submitter_name IS 'Who reported; NULL: unknown.';
COMMENT ON COLUMN tickets.submitter_email IS 'Where they can be written to.';
COMMENT ON COLUMN tickets.submitter_phone IS 'Where they can be called, in international form.';
COMMENT ON COLUMN tickets.submitter_address IS 'Where they live, if they said so.';
COMMENT ON COLUMN tickets.is_anonymous IS 'The person wants to stay unknown; then no address of theirs is kept here.';
COMMENT ON COLUMN tickets.unit_id IS 'The unit that owes the answer.';
COMMENT ON COLUMN tickets.assigned_to IS 'The member of staff who works on it; NULL: anybody of the unit.';
COMMENT ON COLUMN tickets.created_by IS 'Who of the staff typed it in for somebody; NULL: the person wrote themselves.';
COMMENT ON COLUMN tickets.status IS 'How far the answer is.';
COMMENT ON COLUMN tickets.priority IS 'Its place in the queue, from urgency and risk grade.';
COMMENT ON COLUMN tickets.urgency_level IS 'How soon help is useful, 1 to 5 (5: now).';
COMMENT ON COLUMN tickets.ai_classification IS 'What the rules proposed, by which words, and how sure they were.';
COMMENT ON COLUMN tickets.sentiment_score IS 'The mood of the words, -1 to 1; NULL: not computed.';
COMMENT ON COLUMN tickets.confidence_score IS 'How sure the classification is, 0 to 1; NULL: not computed.';
COMMENT ON COLUMN tickets.sla_deadline IS 'Until when it is to be answered.';
COMMENT ON COLUMN tickets.first_response_at IS 'When a person answered first; automatic news does not count.';
COMMENT ON COLUMN tickets.resolved_at IS 'When it was solved; NULL again when it is taken up again.';
COMMENT ON COLUMN tickets.source IS 'The door it came through.';
COMMENT ON COLUMN tickets.qr_code_id IS 'The poster that was scanned, whatever the door.';
COMMENT ON COLUMN tickets.ip_address IS 'The network address it came from; NULL for whoever stays unknown.';
COMMENT ON COLUMN tickets.user_agent IS 'The browser it came from; NULL for whoever stays unknown.';
COMMENT ON COLUMN tickets.received_at IS 'When it arrived at our door; every clock counts from here.';
COMMENT ON COLUMN tickets.occurred_at IS 'When it happened, as the person says.';
COMMENT ON COLUMN tickets.closed_at IS 'When it ended; NULL again when it is taken up again.';
COMMENT ON COLUMN tickets.language IS 'The language news of it is written in.';
COMMENT ON COLUMN tickets.for_whom IS 'Whom it is about, as seen from whoever reports.';
COMMENT ON COLUMN tickets.reporting IS 'How it reached the hospital, as KWTK counts it; NULL: as its channel says.';
COMMENT ON COLUMN tickets.routing_reason IS 'A sentence saying why this unit has it.';
COMMENT ON COLUMN tickets.sla_reason IS 'A sentence saying where the deadline comes from.';
COMMENT ON COLUMN tickets.risk_grade IS 'How great the risk is: red, yellow or green; only people say so.';
COMMENT ON COLUMN tickets.grade_set_by IS 'Who said so.';
COMMENT ON COLUMN tickets.grade_set_at IS 'When they said so.';
COMMENT ON COLUMN tickets.rating IS 'How content the person was with the answer, 1 to 5.';
COMMENT ON COLUMN tickets.rating_comment IS 'What they wrote beside it.';
COMMENT ON COLUMN tickets.waiting_since IS 'Since when a question of ours waits for the submitter.';
COMMENT ON COLUMN tickets.tracking_hash IS 'SHA-256 of the tracking code, which opens it.';
COMMENT ON COLUMN tickets.search IS 'What full-text search finds it by; `ticket_words` says how.';
COMMENT ON COLUMN tickets.version IS 'Rises with every change; a verb told an older version is refused.';
COMMENT ON COLUMN tickets.created_at IS 'When the row was made.';
COMMENT ON COLUMN tickets.updated_at IS 'When the row was changed last.';

CREATE TABLE user_roles (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    role_id UUID NOT NULL,
    assigned_at TIMESTAMP WITH TIME ZONE NOT NULL,
    assigned_by UUID,
    is_active BOOLEAN DEFAULT true NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_user_roles PRIMARY KEY (id),
    CONSTRAINT uq_user_roles_user_id_role_id UNIQUE (user_id, role_id),
    CONSTRAINT fk_user_roles_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_user_roles_roles FOREIGN KEY(role_id) REFERENCES roles (id) ON DELETE CASCADE,
    CONSTRAINT fk_user_roles_users_assigned_by FOREIGN KEY(assigned_by) REFERENCES users (id) ON DELETE SET NULL
);
CREATE INDEX idx_user_roles_is_active ON user_roles (is_active);
CREATE INDEX idx_user_roles_role_id ON user_roles (role_id);
CREATE INDEX idx_user_roles_user_id ON user_roles (user_id);
COMMENT ON TABLE user_roles IS 'Who holds which role, given when and by whom; ended by `is_active`, never deleted.';
COMMENT ON COLUMN user_roles.id IS 'Time-ordered where we make it.';
COMMENT ON COLUMN user_roles.user_id IS 'Who holds it.';
COMMENT ON COLUMN user_roles.role_id IS 'What they hold.';
COMMENT ON COLUMN user_roles.assigned_at IS 'When it was given.';
COMMENT ON COLUMN user_roles.assigned_by IS 'Who gave it; NULL: the command line.';
COMMENT ON COLUMN user_roles.is_active IS 'Whether they hold it still.';
COMMENT ON COLUMN user_roles.created_at IS 'When the row was made.';
COMMENT ON COLUMN user_roles.updated_at IS 'When the row was changed last.';

CREATE TABLE alarms (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    key TEXT NOT NULL,
    channel TEXT NOT NULL,
    words TEXT NOT NULL,
    matched TEXT[] NOT NULL,
    draft_id TEXT,
    unit_id UUID,
    ticket_id UUID,
    raised_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE,
    seen_by UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_alarms PRIMARY KEY (id),
    CONSTRAINT uq_alarms_key UNIQUE (key),
    CONSTRAINT fk_alarms_channels FOREIGN KEY(channel) REFERENCES channels (name),
    CONSTRAINT fk_alarms_units FOREIGN KEY(unit_id) REFERENCES units (id) ON DELETE SET NULL,
    CONSTRAINT fk_alarms_tickets FOREIGN KEY(ticket_id) REFERENCES tickets (id) ON DELETE CASCADE,
    CONSTRAINT fk_alarms_users FOREIGN KEY(seen_by) REFERENCES users (id) ON DELETE SET NULL
);
CREATE INDEX idx_alarms_draft_id ON alarms (draft_id);
CREATE INDEX idx_alarms_ticket_id ON alarms (ticket_id);
CREATE INDEX idx_alarms_unit_id ON alarms (unit_id);
CREATE INDEX idx_alarms_unseen ON alarms (raised_at) WHERE seen_at IS NULL;
COMMENT ON TABLE alarms IS 'Words of danger, perhaps said before there is a ticket. It stands until somebody saw it.';
COMMENT ON COLUMN alarms.id IS 'Time-ordered where we make it.';
COMMENT ON COLUMN alarms.key IS 'Channel, chat and message: told twice, raised once.';
COMMENT ON COLUMN alarms.channel IS 'The door it was said at.';
COMMENT ON COLUMN alarms.words IS 'What was said.';
COMMENT ON COLUMN alarms.matched IS 'The words of danger that were found.';
COMMENT ON COLUMN alarms.draft_id IS 'The report it was said in, while that is not sent; the ticket then carries it.';
COMMENT ON COLUMN alarms.unit_id IS 'The unit it was said of; NULL: unknown.';
COMMENT ON COLUMN alarms.ticket_id IS 'The ticket it became.';
COMMENT ON COLUMN alarms.raised_at IS 'When it was said.';
COMMENT ON COLUMN alarms.seen_at IS 'When somebody saw it; NULL: it stands.';
COMMENT ON COLUMN alarms.seen_by IS 'Who saw it.';
COMMENT ON COLUMN alarms.created_at IS 'When the row was made.';
COMMENT ON COLUMN alarms.updated_at IS 'When the row was changed last.';

CREATE TABLE calls (
    ticket_id UUID NOT NULL,
    way TEXT NOT NULL,
    taken_by UUID,
    begun_at TIMESTAMP WITH TIME ZONE NOT NULL,
    taken_at TIMESTAMP WITH TIME ZONE NOT NULL,
    patient TEXT,
    proposed_grade TEXT,
    read_back BOOLEAN NOT NULL,
    consent_at TIMESTAMP WITH TIME ZONE,
    call_window TEXT,
    CONSTRAINT pk_calls PRIMARY KEY (ticket_id),
    CONSTRAINT chk_calls_way CHECK (way IN ('phone', 'walk_in', 'paper', 'press')),
    CONSTRAINT chk_calls_proposed_grade CHECK (proposed_grade IN ('red', 'yellow', 'green')),
    CONSTRAINT chk_calls_call_window CHECK (call_window IN ('any', 'morning', 'afternoon', 'evening')),
    CONSTRAINT fk_calls_tickets FOREIGN KEY(ticket_id) REFERENCES tickets (id) ON DELETE CASCADE,
    CONSTRAINT fk_calls_users FOREIGN KEY(taken_by) REFERENCES users (id) ON DELETE SET NULL
);
COMMENT ON TABLE calls IS 'One report taken down by staff for somebody.';
COMMENT ON COLUMN calls.ticket_id IS 'The ticket that it became.';
COMMENT ON COLUMN calls.way IS 'How the report reached whoever typed it in.';
COMMENT ON COLUMN calls.taken_by IS 'The agent who typed it in.';
COMMENT ON COLUMN calls.begun_at IS 'When the agent began to take it down.';
COMMENT ON COLUMN calls.taken_at IS 'When it was filed.';
COMMENT ON COLUMN calls.patient IS 'Whom it is about, where that is somebody else than the caller.';
COMMENT ON COLUMN calls.proposed_grade IS 'What the agent thinks of the risk; only whoever grades the ticket sets it.';
COMMENT ON COLUMN calls.read_back IS 'Whether the words were read back to the caller.';
COMMENT ON COLUMN calls.consent_at IS 'When the caller agreed, after it was read out, that name and number are kept.';
COMMENT ON COLUMN calls.call_window IS 'When they want to be called back; NULL: not at all.';

CREATE TABLE chat_messages (
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    message TEXT NOT NULL,
    ticket_id UUID,
    asks BOOLEAN DEFAULT false NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_chat_messages PRIMARY KEY (channel, address, message),
    CONSTRAINT fk_chat_messages_channels FOREIGN KEY(channel) REFERENCES channels (name),
    CONSTRAINT fk_chat_messages_tickets FOREIGN KEY(ticket_id) REFERENCES tickets (id) ON DELETE CASCADE
);
CREATE INDEX idx_chat_messages_created_at ON chat_messages (created_at);
CREATE INDEX idx_chat_messages_ticket_id ON chat_messages (ticket_id);
COMMENT ON TABLE chat_messages IS 'What a message of a chat was about: a reply to it, or an edit of it, belongs there too.';
COMMENT ON COLUMN chat_messages.channel IS 'The chat''s channel.';
COMMENT ON COLUMN chat_messages.address IS 'The chat in the channel''s own form.';
COMMENT ON COLUMN chat_messages.message IS 'The message''s id in the channel.';
COMMENT ON COLUMN chat_messages.ticket_id IS 'The ticket it was about; NULL: none yet.';
COMMENT ON COLUMN chat_messages.asks IS 'A question with buttons on it, which the next one may replace in place.';
COMMENT ON COLUMN chat_messages.created_at IS 'When it was noted; old ones are forgotten.';

CREATE TABLE messages (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    ticket_id UUID NOT NULL,
    author TEXT NOT NULL,
    author_id UUID,
    channel TEXT NOT NULL,
    body TEXT NOT NULL,
    html TEXT,
    is_internal BOOLEAN DEFAULT false NOT NULL,
    remarks JSONB DEFAULT '{}' NOT NULL,
    idempotency_key TEXT,
    content_hash BYTEA,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_messages PRIMARY KEY (id),
    CONSTRAINT chk_messages_author CHECK (author IN ('submitter', 'staff', 'system')),
    CONSTRAINT fk_messages_tickets FOREIGN KEY(ticket_id) REFERENCES tickets (id) ON DELETE CASCADE,
    CONSTRAINT fk_messages_users FOREIGN KEY(author_id) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT fk_messages_channels FOREIGN KEY(channel) REFERENCES channels (name),
    CONSTRAINT uq_messages_idempotency_key UNIQUE (idempotency_key)
);
CREATE INDEX idx_messages_ticket_id_created_at ON messages (ticket_id, created_at);
COMMENT ON TABLE messages IS 'One contribution to a ticket. Internal ones are for staff only, always.';
COMMENT ON COLUMN messages.id IS 'Time-ordered where we make it.';
COMMENT ON COLUMN messages.ticket_id IS 'The ticket it is part of.';
COMMENT ON COLUMN messages.author IS 'Who wrote it: the submitter, staff or the system.';
COMMENT ON COLUMN messages.author_id IS 'The member of staff who wrote it.';
COMMENT ON COLUMN messages.channel IS 'The door it came through.';
COMMENT ON COLUMN messages.body IS 'The words, as plain text.';
COMMENT ON COLUMN messages.html IS 'The same as cleaned HTML, where it came as HTML.';
COMMENT ON COLUMN messages.is_internal IS 'For staff only, always.';
COMMENT ON COLUMN messages.remarks IS 'What was repaired, shortened or not readable, in words for staff, and mail facts.';
COMMENT ON COLUMN messages.idempotency_key IS 'Channel and the sender''s own key: the same submission told twice is one message.';
COMMENT ON COLUMN messages.content_hash IS 'SHA-256 of what was submitted: the same key with other words is seen.';
COMMENT ON COLUMN messages.received_at IS 'When it arrived at our door.';
COMMENT ON COLUMN messages.created_at IS 'When the row was made.';
COMMENT ON COLUMN messages.updated_at IS 'When the row was changed last.';

CREATE TABLE ticket_addresses (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    ticket_id UUID NOT NULL,
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    rank SMALLINT DEFAULT '0' NOT NULL,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    blocked_at TIMESTAMP WITH TIME ZONE,
    blocked_reason TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_ticket_addresses PRIMARY KEY (id),
    CONSTRAINT uq_ticket_addresses_ticket_id_channel_address UNIQUE (ticket_id, channel, address),
    CONSTRAINT fk_ticket_addresses_tickets FOREIGN KEY(ticket_id) REFERENCES tickets (id) ON DELETE CASCADE,
    CONSTRAINT fk_ticket_addresses_channels FOREIGN KEY(channel) REFERENCES channels (name)
);
CREATE INDEX idx_ticket_addresses_channel_address ON ticket_addresses (channel, address);
COMMENT ON TABLE ticket_addresses IS 'Where news of a ticket goes: an address of one channel, tried in the order of rank.';
COMMENT ON COLUMN ticket_addresses.id IS 'Time-ordered where we make it.';
COMMENT ON COLUMN ticket_addresses.ticket_id IS 'Whose news goes there.';
COMMENT ON COLUMN ticket_addresses.channel IS 'The way out.';
COMMENT ON COLUMN ticket_addresses.address IS 'The address in the channel''s own form.';
COMMENT ON COLUMN ticket_addresses.rank IS 'Lower ones are tried first.';
COMMENT ON COLUMN ticket_addresses.confirmed_at IS 'When the address''s owner showed that it is theirs (a reply, a link followed).';
COMMENT ON COLUMN ticket_addresses.blocked_at IS 'Since when nothing is sent there.';
COMMENT ON COLUMN ticket_addresses.blocked_reason IS 'Why, as a code.';
COMMENT ON COLUMN ticket_addresses.created_at IS 'When the row was made.';
COMMENT ON COLUMN ticket_addresses.updated_at IS 'When the row was changed last.';

CREATE TABLE ticket_links (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    ticket_id UUID NOT NULL,
    other_id UUID NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_ticket_links PRIMARY KEY (id),
    CONSTRAINT uq_ticket_links_ticket_id_other_id UNIQUE (ticket_id, other_id),
    CONSTRAINT chk_ticket_links_kind CHECK (kind IN ('merged', 'related')),
    CONSTRAINT chk_ticket_links_other_id CHECK (ticket_id <> other_id),
    CONSTRAINT fk_ticket_links_tickets FOREIGN KEY(ticket_id) REFERENCES tickets (id) ON DELETE CASCADE,
    CONSTRAINT fk_ticket_links_tickets_other_id FOREIGN KEY(other_id) REFERENCES tickets (id) ON DELETE CASCADE
);
CREATE INDEX idx_ticket_links_other_id ON ticket_links (other_id);
COMMENT ON TABLE ticket_links IS 'Two tickets that belong together: merged into, or merely related.';
COMMENT ON COLUMN ticket_links.id IS 'Time-ordered where we make it.';
COMMENT ON COLUMN ticket_links.ticket_id IS 'The one ticket; where they are merged, the one that ended.';
COMMENT ON COLUMN ticket_links.other_id IS 'The other one; where they are merged, the one that goes on.';
COMMENT ON COLUMN ticket_links.kind IS 'Merged, or merely related.';
COMMENT ON COLUMN ticket_links.reason IS 'A code that the reader''s page puts into words; empty where staff linked them.';
COMMENT ON COLUMN ticket_links.created_at IS 'When the row was made.';
COMMENT ON COLUMN ticket_links.updated_at IS 'When the row was changed last.';

CREATE TABLE ticket_presence (
    ticket_id UUID NOT NULL,
    user_id UUID NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    writing_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_ticket_presence PRIMARY KEY (ticket_id, user_id),
    CONSTRAINT fk_ticket_presence_tickets FOREIGN KEY(ticket_id) REFERENCES tickets (id) ON DELETE CASCADE,
    CONSTRAINT fk_ticket_presence_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX idx_ticket_presence_user_id ON ticket_presence (user_id);
COMMENT ON TABLE ticket_presence IS 'One person at one ticket.';
COMMENT ON COLUMN ticket_presence.ticket_id IS 'The ticket that is looked at.';
COMMENT ON COLUMN ticket_presence.user_id IS 'Who looks.';
COMMENT ON COLUMN ticket_presence.seen_at IS 'When their page last said so.';
COMMENT ON COLUMN ticket_presence.writing_at IS 'When they last typed; NULL: not at all.';

CREATE TABLE ticket_subjects (
    ticket_id UUID NOT NULL,
    user_id UUID NOT NULL,
    named_by UUID,
    named_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_ticket_subjects PRIMARY KEY (ticket_id, user_id),
    CONSTRAINT fk_ticket_subjects_tickets FOREIGN KEY(ticket_id) REFERENCES tickets (id) ON DELETE CASCADE,
    CONSTRAINT fk_ticket_subjects_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_ticket_subjects_users_named_by FOREIGN KEY(named_by) REFERENCES users (id) ON DELETE SET NULL
);
CREATE INDEX idx_ticket_subjects_user_id ON ticket_subjects (user_id);
COMMENT ON TABLE ticket_subjects IS 'A member of staff whom a ticket is about; it is invisible to them.';
COMMENT ON COLUMN ticket_subjects.ticket_id IS 'The ticket that is kept from them.';
COMMENT ON COLUMN ticket_subjects.user_id IS 'The member of staff it is about.';
COMMENT ON COLUMN ticket_subjects.named_by IS 'Who said so; NULL: the report itself.';
COMMENT ON COLUMN ticket_subjects.named_at IS 'Since when it is kept from them.';

CREATE TABLE events (
    id UUID NOT NULL,
    seq INTEGER GENERATED ALWAYS AS IDENTITY,
    ticket_id UUID NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    actor_id UUID,
    message_id UUID,
    data JSONB DEFAULT '{}' NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_events PRIMARY KEY (id),
    CONSTRAINT chk_events_actor CHECK (actor IN ('submitter', 'staff', 'system')),
    CONSTRAINT fk_events_tickets FOREIGN KEY(ticket_id) REFERENCES tickets (id) ON DELETE CASCADE,
    CONSTRAINT fk_events_users FOREIGN KEY(actor_id) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT fk_events_messages FOREIGN KEY(message_id) REFERENCES messages (id) ON DELETE SET NULL
);
CREATE INDEX idx_events_ticket_id_seq ON events (ticket_id, seq);
COMMENT ON TABLE events IS 'One thing that happened to a ticket. A trigger refuses to change or delete it.';
COMMENT ON COLUMN events.id IS 'Time-ordered UUID.';
COMMENT ON COLUMN events.seq IS 'Rises in the order of commit within one ticket, whose row is locked meanwhile.';
COMMENT ON COLUMN events.ticket_id IS 'Whose history it is.';
COMMENT ON COLUMN events.kind IS 'What happened: received, assigned, replied, …';
COMMENT ON COLUMN events.actor IS 'Who did it: the submitter, staff or the system.';
COMMENT ON COLUMN events.actor_id IS 'The member of staff who did it.';
COMMENT ON COLUMN events.message_id IS 'The words that came with it.';
COMMENT ON COLUMN events.data IS 'Ids, codes and numbers, no personal words.';
COMMENT ON COLUMN events.at IS 'When it happened.';

CREATE TABLE inbound (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    channel TEXT NOT NULL,
    external_id TEXT NOT NULL,
    content_hash BYTEA NOT NULL,
    lane TEXT,
    envelope JSONB DEFAULT '{}' NOT NULL,
    raw BYTEA,
    raw_path TEXT,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ticket_id UUID,
    message_id UUID,
    seq BIGINT GENERATED ALWAYS AS IDENTITY,
    status TEXT DEFAULT 'pending' NOT NULL,
    attempts INTEGER DEFAULT '0' NOT NULL,
    losses SMALLINT DEFAULT '0' NOT NULL,
    next_attempt_at TIMESTAMP WITH TIME ZONE NOT NULL,
    reopened_at TIMESTAMP WITH TIME ZONE,
    lease_until TIMESTAMP WITH TIME ZONE,
    held_by UUID,
    last_error TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_inbound PRIMARY KEY (id),
    CONSTRAINT chk_inbound_status CHECK (status IN ('pending', 'queued', 'processing', 'done', 'quarantined', 'dropped')),
    CONSTRAINT uq_inbound_channel_external_id_content_hash UNIQUE (channel, external_id, content_hash),
    CONSTRAINT chk_inbound_raw CHECK ((raw IS NULL) <> (raw_path IS NULL)),
    CONSTRAINT fk_inbound_channels FOREIGN KEY(channel) REFERENCES channels (name),
    CONSTRAINT fk_inbound_tickets FOREIGN KEY(ticket_id) REFERENCES tickets (id) ON DELETE SET NULL,
    CONSTRAINT fk_inbound_messages FOREIGN KEY(message_id) REFERENCES messages (id) ON DELETE SET NULL
);
CREATE INDEX idx_inbound_due ON inbound (next_attempt_at, seq) WHERE status = 'pending';
CREATE INDEX idx_inbound_leased ON inbound (lease_until) WHERE status IN ('queued', 'processing');
CREATE INDEX idx_inbound_order ON inbound (lane, seq) WHERE status IN ('pending', 'queued', 'processing');
CREATE INDEX idx_inbound_status_created_at ON inbound (status, created_at);
CREATE INDEX idx_inbound_ticket_id ON inbound (ticket_id);
COMMENT ON TABLE inbound IS 'One message as it came in. Told twice (same id, same content) it is one row.';
COMMENT ON COLUMN inbound.id IS 'Time-ordered where we make it.';
COMMENT ON COLUMN inbound.channel IS 'The door it came through.';
COMMENT ON COLUMN inbound.external_id IS 'The sender''s or the channel''s own id of the message.';
COMMENT ON COLUMN inbound.content_hash IS 'SHA-256 of the raw bytes.';
COMMENT ON COLUMN inbound.lane IS 'Those of one lane (a chat) are understood one after the other; NULL: in any order.';
COMMENT ON COLUMN inbound.envelope IS 'What the door knew beside the bytes: addresses, the peer.';
COMMENT ON COLUMN inbound.raw IS 'The bytes as they came.';
COMMENT ON COLUMN inbound.raw_path IS 'Key in storage where the raw bytes are too large for a row.';
COMMENT ON COLUMN inbound.received_at IS 'When it was answered with yes; every clock counts from here.';
COMMENT ON COLUMN inbound.ticket_id IS 'The ticket it became, or was added to.';
COMMENT ON COLUMN inbound.message_id IS 'The message that it became.';
COMMENT ON COLUMN inbound.seq IS 'The order in which rows were made.';
COMMENT ON COLUMN inbound.status IS 'How far it is worked off.';
COMMENT ON COLUMN inbound.attempts IS 'How often it was tried.';
COMMENT ON COLUMN inbound.losses IS 'Workers in a row that held it and never came back.';
COMMENT ON COLUMN inbound.next_attempt_at IS 'When it is tried, or tried again.';
COMMENT ON COLUMN inbound.reopened_at IS 'When it was given all its attempts anew; patience counts from here, if not NULL.';
COMMENT ON COLUMN inbound.lease_until IS 'Until when a broker or a worker has it; past that it is anybody''s.';
COMMENT ON COLUMN inbound.held_by IS 'The claim that holds it, or held it last; any other changes nothing.';
COMMENT ON COLUMN inbound.last_error IS 'The code of the last fault, never its words.';
COMMENT ON COLUMN inbound.created_at IS 'When the row was made.';
COMMENT ON COLUMN inbound.updated_at IS 'When the row was changed last.';

CREATE TABLE ticket_attachments (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    ticket_id UUID NOT NULL,
    message_id UUID,
    position INTEGER DEFAULT '0' NOT NULL,
    file_name TEXT NOT NULL,
    file_path TEXT NOT NULL,
    file_size BIGINT NOT NULL,
    mime_type TEXT NOT NULL,
    uploaded_by UUID,
    display_path TEXT,
    status TEXT DEFAULT 'stored' NOT NULL,
    reason TEXT,
    remote_ref TEXT,
    content_id TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_ticket_attachments PRIMARY KEY (id),
    CONSTRAINT chk_ticket_attachments_file_size CHECK (file_size >= 0),
    CONSTRAINT chk_ticket_attachments_status CHECK (status IN ('stored', 'quarantined', 'pending', 'failed')),
    CONSTRAINT fk_ticket_attachments_tickets FOREIGN KEY(ticket_id) REFERENCES tickets (id) ON DELETE CASCADE,
    CONSTRAINT fk_ticket_attachments_messages FOREIGN KEY(message_id) REFERENCES messages (id) ON DELETE CASCADE,
    CONSTRAINT fk_ticket_attachments_users FOREIGN KEY(uploaded_by) REFERENCES users (id) ON DELETE SET NULL
);
CREATE INDEX idx_ticket_attachments_file_path ON ticket_attachments (file_path);
CREATE INDEX idx_ticket_attachments_message_id ON ticket_attachments (message_id);
CREATE INDEX idx_ticket_attachments_pending ON ticket_attachments (remote_ref) WHERE status = 'pending';
CREATE INDEX idx_ticket_attachments_ticket_id ON ticket_attachments (ticket_id);
COMMENT ON TABLE ticket_attachments IS 'A file of a ticket. One that was not allowed is kept but quarantined, with the reason.';
COMMENT ON COLUMN ticket_attachments.id IS 'Time-ordered where we make it.';
COMMENT ON COLUMN ticket_attachments.ticket_id IS 'The ticket it belongs to.';
COMMENT ON COLUMN ticket_attachments.message_id IS 'The message it came with.';
COMMENT ON COLUMN ticket_attachments.position IS 'Its place among the files of a message.';
COMMENT ON COLUMN ticket_attachments.file_name IS 'What the person''s device called it.';
COMMENT ON COLUMN ticket_attachments.file_path IS 'Key in storage (content-addressed); empty while a file is still to be fetched.';
COMMENT ON COLUMN ticket_attachments.file_size IS 'Bytes.';
COMMENT ON COLUMN ticket_attachments.mime_type IS 'What it is by its bytes, not by what was said of it.';
COMMENT ON COLUMN ticket_attachments.uploaded_by IS 'The member of staff who added it; NULL: the person who reported.';
COMMENT ON COLUMN ticket_attachments.display_path IS 'Key of the re-encoded picture without metadata, which pages show inline.';
COMMENT ON COLUMN ticket_attachments.status IS 'Stored, quarantined, still to be fetched, or not to be had.';
COMMENT ON COLUMN ticket_attachments.reason IS 'Why it is quarantined or was not fetched, as a code that pages put into words.';
COMMENT ON COLUMN ticket_attachments.remote_ref IS 'The provider''s handle of a file still to be fetched.';
COMMENT ON COLUMN ticket_attachments.content_id IS 'The cid by which an HTML mail shows it inline (RFC 2392).';
COMMENT ON COLUMN ticket_attachments.created_at IS 'When the row was made.';
COMMENT ON COLUMN ticket_attachments.updated_at IS 'When the row was changed last.';

CREATE TABLE callbacks (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    delivery_id UUID NOT NULL,
    ticket_id UUID,
    event_id UUID,
    number TEXT NOT NULL,
    language TEXT NOT NULL,
    template TEXT NOT NULL,
    words TEXT,
    status TEXT DEFAULT 'open' NOT NULL,
    attempts SMALLINT DEFAULT '0' NOT NULL,
    next_at TIMESTAMP WITH TIME ZONE NOT NULL,
    claimed_by UUID,
    claimed_at TIMESTAMP WITH TIME ZONE,
    outcome TEXT,
    ended_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_callbacks PRIMARY KEY (id),
    CONSTRAINT chk_callbacks_status CHECK (status IN ('open', 'told', 'given_up')),
    CONSTRAINT chk_callbacks_outcome CHECK (outcome IN ('reached', 'no_answer', 'busy', 'later', 'wrong_number')),
    CONSTRAINT uq_callbacks_delivery_id UNIQUE (delivery_id),
    CONSTRAINT fk_callbacks_tickets FOREIGN KEY(ticket_id) REFERENCES tickets (id) ON DELETE CASCADE,
    CONSTRAINT fk_callbacks_events FOREIGN KEY(event_id) REFERENCES events (id) ON DELETE SET NULL,
    CONSTRAINT fk_callbacks_users FOREIGN KEY(claimed_by) REFERENCES users (id) ON DELETE SET NULL
);
CREATE INDEX idx_callbacks_due ON callbacks (next_at) WHERE status = 'open';
CREATE INDEX idx_callbacks_ticket_id ON callbacks (ticket_id);
COMMENT ON TABLE callbacks IS 'One piece of news to be told by telephone. The words are read from the ticket at the call.';
COMMENT ON COLUMN callbacks.id IS 'Time-ordered where we make it.';
COMMENT ON COLUMN callbacks.delivery_id IS 'The notice that it delivers; handed over twice, it is one call-back.';
COMMENT ON COLUMN callbacks.ticket_id IS 'The ticket it is about; NULL where there is none.';
COMMENT ON COLUMN callbacks.event_id IS 'What happened to the ticket, which is what is to be told.';
COMMENT ON COLUMN callbacks.number IS 'The number to call, in international form.';
COMMENT ON COLUMN callbacks.language IS 'The language to speak.';
COMMENT ON COLUMN callbacks.template IS 'Which notice it is; says what to speak of.';
COMMENT ON COLUMN callbacks.words IS 'What to say where no ticket tells it.';
COMMENT ON COLUMN callbacks.status IS 'Still to be called, told, or given up.';
COMMENT ON COLUMN callbacks.attempts IS 'How many calls were tried.';
COMMENT ON COLUMN callbacks.next_at IS 'When it is due.';
COMMENT ON COLUMN callbacks.claimed_by IS 'Which agent has it, for a while.';
COMMENT ON COLUMN callbacks.claimed_at IS 'Since when that agent has it.';
COMMENT ON COLUMN callbacks.outcome IS 'How the last attempt ended.';
COMMENT ON COLUMN callbacks.ended_at IS 'When it was told or given up.';
COMMENT ON COLUMN callbacks.created_at IS 'When the row was made.';
COMMENT ON COLUMN callbacks.updated_at IS 'When the row was changed last.';

CREATE TABLE deliveries (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    ticket_id UUID,
    event_id UUID,
    channel TEXT NOT NULL,
    recipient_ref TEXT NOT NULL,
    lane TEXT GENERATED ALWAYS AS (channel || ':' || recipient_ref || ':' || coalesce(ticket_id::text, '')) STORED NOT NULL,
    audience TEXT DEFAULT 'submitter' NOT NULL,
    template TEXT NOT NULL,
    language TEXT NOT NULL,
    payload JSONB DEFAULT '{}' NOT NULL,
    provider_id TEXT,
    sent_at TIMESTAMP WITH TIME ZONE,
    seq BIGINT GENERATED ALWAYS AS IDENTITY,
    status TEXT DEFAULT 'pending' NOT NULL,
    attempts INTEGER DEFAULT '0' NOT NULL,
    losses SMALLINT DEFAULT '0' NOT NULL,
    next_attempt_at TIMESTAMP WITH TIME ZONE NOT NULL,
    reopened_at TIMESTAMP WITH TIME ZONE,
    lease_until TIMESTAMP WITH TIME ZONE,
    held_by UUID,
    last_error TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_deliveries PRIMARY KEY (id),
    CONSTRAINT chk_deliveries_status CHECK (status IN ('pending', 'queued', 'sending', 'sent', 'failed', 'dead', 'cancelled')),
    CONSTRAINT uq_deliveries_ticket_id_event_id_channel_recipient_ref UNIQUE (ticket_id, event_id, channel, recipient_ref),
    CONSTRAINT chk_deliveries_event_id CHECK ((ticket_id IS NULL) = (event_id IS NULL)),
    CONSTRAINT fk_deliveries_tickets FOREIGN KEY(ticket_id) REFERENCES tickets (id) ON DELETE CASCADE,
    CONSTRAINT fk_deliveries_events FOREIGN KEY(event_id) REFERENCES events (id) ON DELETE CASCADE,
    CONSTRAINT fk_deliveries_channels FOREIGN KEY(channel) REFERENCES channels (name)
);
CREATE INDEX idx_deliveries_due ON deliveries (next_attempt_at, seq) WHERE status = 'pending';
CREATE INDEX idx_deliveries_event_id ON deliveries (event_id);
CREATE INDEX idx_deliveries_leased ON deliveries (lease_until) WHERE status IN ('queued', 'sending');
CREATE INDEX idx_deliveries_order ON deliveries (lane, seq) WHERE status IN ('pending', 'queued', 'sending');
CREATE INDEX idx_deliveries_status_created_at ON deliveries (status, created_at);
CREATE INDEX idx_deliveries_undelivered ON deliveries (ticket_id) WHERE status IN ('failed', 'dead');
COMMENT ON TABLE deliveries IS 'One notice to one recipient through one channel.';
COMMENT ON COLUMN deliveries.id IS 'Time-ordered where we make it.';
COMMENT ON COLUMN deliveries.ticket_id IS 'The ticket it tells of.';
COMMENT ON COLUMN deliveries.event_id IS 'What it tells; NULL, like the ticket, for what is said before there is a ticket.';
COMMENT ON COLUMN deliveries.channel IS 'The way out.';
COMMENT ON COLUMN deliveries.recipient_ref IS 'The address in the channel''s own form: a mail address, a chat id.';
COMMENT ON COLUMN deliveries.lane IS 'Deliveries of one lane go one after the other, in the order of `seq`.';
COMMENT ON COLUMN deliveries.audience IS 'Who it speaks to: the submitter, or those who work on it.';
COMMENT ON COLUMN deliveries.template IS 'Which notice it is.';
COMMENT ON COLUMN deliveries.language IS 'The language it is written in.';
COMMENT ON COLUMN deliveries.payload IS 'Ids and codes only; words are read from the ticket when the notice is rendered.';
COMMENT ON COLUMN deliveries.provider_id IS 'The id it has where it was handed over, by which a bounce or a reply is known.';
COMMENT ON COLUMN deliveries.sent_at IS 'When it was handed over.';
COMMENT ON COLUMN deliveries.seq IS 'The order in which rows were made.';
COMMENT ON COLUMN deliveries.status IS 'How far it is worked off.';
COMMENT ON COLUMN deliveries.attempts IS 'How often it was tried.';
COMMENT ON COLUMN deliveries.losses IS 'Workers in a row that held it and never came back.';
COMMENT ON COLUMN deliveries.next_attempt_at IS 'When it is tried, or tried again.';
COMMENT ON COLUMN deliveries.reopened_at IS 'When it was given all its attempts anew; patience counts from here, if not NULL.';
COMMENT ON COLUMN deliveries.lease_until IS 'Until when a broker or a worker has it; past that it is anybody''s.';
COMMENT ON COLUMN deliveries.held_by IS 'The claim that holds it, or held it last; any other changes nothing.';
COMMENT ON COLUMN deliveries.last_error IS 'The code of the last fault, never its words.';
COMMENT ON COLUMN deliveries.created_at IS 'When the row was made.';
COMMENT ON COLUMN deliveries.updated_at IS 'When the row was changed last.';

-- Triggers

CREATE FUNCTION raise_directory_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE directory_version SET version = version + 1;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION raise_directory_version IS
    'Lets every process notice a change before it routes the next report.';

CREATE TRIGGER units_raise_directory_version
    AFTER INSERT OR DELETE OR UPDATE ON units
    FOR EACH STATEMENT EXECUTE FUNCTION raise_directory_version();
CREATE TRIGGER unit_aliases_raise_directory_version
    AFTER INSERT OR DELETE OR UPDATE ON unit_aliases
    FOR EACH STATEMENT EXECUTE FUNCTION raise_directory_version();
CREATE TRIGGER service_categories_raise_directory_version
    AFTER INSERT OR DELETE OR UPDATE ON service_categories
    FOR EACH STATEMENT EXECUTE FUNCTION raise_directory_version();
CREATE TRIGGER hospital_raise_directory_version
    AFTER INSERT OR DELETE OR UPDATE ON hospital
    FOR EACH STATEMENT EXECUTE FUNCTION raise_directory_version();
CREATE TRIGGER channels_raise_directory_version
    AFTER INSERT OR DELETE OR UPDATE ON channels
    FOR EACH STATEMENT EXECUTE FUNCTION raise_directory_version();
-- not for usage_count: a scan changes no way
CREATE TRIGGER qr_codes_raise_directory_version
    AFTER INSERT OR DELETE OR UPDATE OF unit_id, code, token, name, is_active ON qr_codes
    FOR EACH STATEMENT EXECUTE FUNCTION raise_directory_version();

CREATE FUNCTION keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- depth 2 is a cascade: a ticket erased on request takes its history along
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION keep_history IS 'Refuses to change or delete what happened to a ticket.';

CREATE TRIGGER events_keep_history BEFORE UPDATE OR DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION keep_history();

CREATE FUNCTION audit.keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is append-only' USING ERRCODE = 'restrict_violation';
END $$;
COMMENT ON FUNCTION audit.keep IS 'Refuses to change or delete a row of the audit.';

CREATE TRIGGER reads_keep BEFORE UPDATE OR DELETE ON audit.reads
    FOR EACH ROW EXECUTE FUNCTION audit.keep();
CREATE TRIGGER changes_keep BEFORE UPDATE OR DELETE ON audit.changes
    FOR EACH ROW EXECUTE FUNCTION audit.keep();

-- Names of QR codes

-- The stem is what is plain in the unit's name; the check character is that of ISO/IEC 7064's
-- hybrid systems over 34 characters, so that one wrong key press never lands in another unit.
CREATE FUNCTION typed_code(unit_name text, number integer) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    letters CONSTANT text := '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ';  -- O is read as 0, I as 1
    plain text := regexp_replace(normalize(unit_name, NFKD), '[\u0300-\u036f]', '', 'g');
    stem text := trim('-' FROM left(trim('-' FROM
        regexp_replace(upper(plain) COLLATE "C", '[^A-Z0-9]+', '-', 'g')), 12));
    code text := coalesce(nullif(stem, ''), 'UNIT') || '-' || number;
    product integer := 34;
    total integer;
    letter text;
BEGIN
    IF number < 1 THEN
        RAISE EXCEPTION 'posters of a unit are counted from 1';
    END IF;
    FOREACH letter IN ARRAY string_to_array(translate(code, 'OI-', '01'), NULL) LOOP
        total := (product + strpos(letters, letter) - 1) % 34;
        product := CASE total WHEN 0 THEN 34 ELSE total END * 2 % 35;
    END LOOP;
    RETURN code || substr(letters, (35 - product) % 34 + 1, 1);
END $$;
COMMENT ON FUNCTION typed_code IS 'What is typed for a unit''s poster of this number: MELATI-7T.';

CREATE FUNCTION generate_qr_code(unit_name text) RETURNS text
LANGUAGE plpgsql STABLE STRICT AS $$
DECLARE
    -- as `intake.qr.token` compares them: units R-1 and R-11 share a row of codes
    taken text[] := array(
        SELECT translate(regexp_replace(upper(code) COLLATE "C", '[^A-Z0-9]+', '', 'g'), 'OI', '01')
          FROM qr_codes);
    code text;
BEGIN
    FOR number IN 1 .. 1000000 LOOP
        code := typed_code(unit_name, number);
        IF translate(code, 'OI-', '01') <> ALL (taken) THEN
            RETURN code;
        END IF;
    END LOOP;
    RAISE EXCEPTION 'a million posters hang in this unit';
END $$;
COMMENT ON FUNCTION generate_qr_code IS
    'The next free code that is typed for a unit; two at the same moment get the same one.';

-- What every hospital starts with

INSERT INTO directory_version DEFAULT VALUES;

INSERT INTO hospital (name, short_name, created_at, updated_at)
VALUES ('Rumah Sakit', 'RS', now(), now());

INSERT INTO units (name, code, description, is_triage_desk, created_at, updated_at)
VALUES ('Meja Pengaduan', 'PENGADUAN', 'Membaca laporan yang belum jelas tujuannya.', true,
        now(), now());

INSERT INTO service_categories
    (code, name, default_sla_hours, description, created_at, updated_at)
SELECT code, name, hours, description, now(), now()
  FROM (VALUES
    ('MED', 'Pelayanan Medis', 24,
     'Diagnosis, pengobatan, dokter yang tidak hadir atau terlambat, perawatan, nyeri, pemulangan, dan layanan IGD.'),
    ('ADM', 'Administrasi', 48,
     'Pendaftaran, antrean, janji temu, surat rujukan dan jaminan, rekam medis, informasi, dan cara menghubungi rumah sakit.'),
    ('FAC', 'Fasilitas', 72,
     'Kebersihan, kamar, toilet, parkir, lift, peralatan, makanan, kebisingan, dan suhu ruangan.'),
    ('HRM', 'SDM dan Sikap Petugas', 48,
     'Sikap, kesediaan mendengar, ketanggapan, jumlah petugas, dan petugas keamanan.'),
    ('FIN', 'Keuangan dan Biaya', 24,
     'Tagihan, uang muka, harga, dan pungutan yang tidak resmi.'),
    ('PHR', 'Farmasi dan Obat', 24,
     'Ketersediaan obat, waktu tunggu di apotek, dan obat yang keliru atau kurang.'),
    ('LAB', 'Laboratorium dan Radiologi', 24,
     'Laboratorium, radiologi, dan hasil pemeriksaan yang terlambat atau hilang.')
  ) AS seven (code, name, hours, description);

INSERT INTO roles (code, name, description, created_at, updated_at)
SELECT code, name, description, now(), now()
  FROM (VALUES
    ('agent', 'Petugas call center', 'Call-centre agent'),
    ('officer', 'Petugas unit', 'Unit officer'),
    ('head', 'Kepala unit', 'Unit head'),
    ('supervisor', 'Humas dan mutu', 'Public relations and quality'),
    ('administrator', 'Administrator', 'Administrator'),
    ('auditor', 'Auditor', 'Auditor')
  ) AS six (code, name, description);
