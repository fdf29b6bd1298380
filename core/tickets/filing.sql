-- Files one report: ticket, first message, event, addresses, files and notices, or the earlier
-- ticket of the same submission. One statement, one round trip, one transaction.
--
-- The row in messages is the gate: its unique idempotency key lets exactly one of many equal
-- submissions through, and every other row is written only if that one was.
WITH directory AS (
    SELECT version = :directory_version AS is_fresh FROM directory_version
), day AS (
    SELECT base FROM ticket_days WHERE day = :day
), told AS (
    SELECT t.id, t.ticket_number, t.sla_deadline, t.received_at, u.name AS unit_name, m.content_hash,
           t.tracking_hash
      FROM messages m
      JOIN tickets t ON t.id = m.ticket_id
      JOIN units u ON u.id = t.unit_id
     WHERE m.idempotency_key = :idempotency_key
), message AS (
    INSERT INTO messages (id, ticket_id, author, author_id, channel, body, html, remarks,
                          idempotency_key, content_hash, received_at, created_at, updated_at)
    SELECT :message_id, :ticket_id, 'submitter', :entered_by, :channel, :words, :html, :remarks,
           :idempotency_key, :content_hash, :received_at, :now, :now
      FROM directory, day
     WHERE directory.is_fresh AND NOT EXISTS (SELECT FROM told)
        ON CONFLICT (idempotency_key) DO NOTHING
    RETURNING id
), ticket AS (
    INSERT INTO tickets (id, ticket_number, type, category_id, title, description,
                         submitter_name, submitter_email, submitter_phone, submitter_address,
                         is_anonymous, unit_id, created_by, priority, urgency_level, sla_deadline,
                         source, qr_code_id, ip_address, user_agent, received_at, occurred_at,
                         language, for_whom, reporting, routing_reason, sla_reason, tracking_hash,
                         created_at, updated_at)
    SELECT :ticket_id,
           'TKT-' || to_char(:day::date, 'YYYYMMDD')
                  || '-' || lpad(drawn.n::text, greatest(4, length(drawn.n::text)), '0'),
           :kind, :category_id, :title, :words,
           :name, :email, :phone, :address,
           :anonymous, :unit_id, :entered_by, :priority, :urgency, :due_at,
           :channel, :qr_code_id, :ip_address, :user_agent, :received_at, :occurred_at,
           :language, :for_whom, :reporting, :routing_reason, :sla_reason, :tracking_hash,
           :now, :now
      FROM message, day,
           LATERAL (SELECT nextval('ticket_number_seq') - day.base AS n) AS drawn
    RETURNING ticket_number
), event AS (
    INSERT INTO events (id, ticket_id, kind, actor, actor_id, message_id, data, at)
    SELECT :event_id, :ticket_id, 'received', 'submitter', :entered_by, :message_id, :facts, :now
      FROM message
), placed AS (
    INSERT INTO ticket_addresses (ticket_id, channel, address, rank, confirmed_at,
                                  created_at, updated_at)
    SELECT :ticket_id, a.channel, a.address, a.rank,
           CASE WHEN a.confirmed THEN :received_at::timestamptz END, :now, :now
      FROM message,
           jsonb_to_recordset(:addresses) AS a(channel text, address text, rank int, confirmed bool)
), attached AS (
    INSERT INTO ticket_attachments (ticket_id, message_id, position, file_name, file_path, file_size,
                                    mime_type, uploaded_by, display_path, status, reason,
                                    remote_ref, content_id, created_at, updated_at)
    SELECT :ticket_id, :message_id, f.position, f.name, f.path, f.size,
           f.mime_type, :entered_by, f.display_path, f.status, f.reason,
           f.remote_ref, f.content_id, :now, :now
      FROM message,
           jsonb_to_recordset(:files) AS f(position int, name text, path text, size bigint,
                                           mime_type text, display_path text, status text,
                                           reason text, remote_ref text, content_id text)
    RETURNING id, status
), cleaned AS (
    INSERT INTO cleanings (attachment_id, next_attempt_at, created_at, updated_at)
    SELECT a.id, :now, :now, :now FROM attached AS a WHERE :anonymous AND a.status <> 'pending'
), noticed AS (
    INSERT INTO deliveries (ticket_id, event_id, channel, recipient_ref, audience, template,
                            language, next_attempt_at, created_at, updated_at)
    SELECT :ticket_id, :event_id, n.channel, n.address, n.audience, n.template, n.language,
           :now, :now, :now
      FROM message,
           jsonb_to_recordset(:notices) AS n(channel text, address text, audience text,
                                             template text, language text)
)
SELECT (SELECT is_fresh FROM directory) AS is_fresh,
       EXISTS (SELECT FROM day) AS is_day_open,
       (SELECT ticket_number FROM ticket) AS filed_number,
       told.id, told.ticket_number, told.sla_deadline, told.received_at, told.unit_name,
       told.content_hash, told.tracking_hash
  FROM (SELECT) AS once
  LEFT JOIN told ON true
