-- A million dossiers of five years for measuring, on PostgreSQL, in a database that `flask set-up` filled.
-- Every other dossier is the city's, the rest are spread over its wards and communes. Run by bench/figures.py.
SET synchronous_commit = off;

CREATE TEMP TABLE life AS
WITH numbered AS (
  SELECT n, random() AS fate, random() AS speed, random() AS intake, random() AS wait,
         now() - interval '1825 days' * (n::float / :rows) AS sent
  FROM generate_series(1, :rows) AS n
), placed AS (
  SELECT n.*, p.id AS procedure_id, p.name AS procedure_name, p.field_id, p.processing_time, p.time_unit,
         a.id AS agency_id, d.id AS department_id
  FROM numbered n
  JOIN (SELECT id, level, row_number() OVER (PARTITION BY level ORDER BY id) - 1 AS k,
               count(*) OVER (PARTITION BY level) AS of FROM agency) a
    ON a.level = CASE WHEN n.n % 2 = 0 THEN 'city' ELSE 'ward' END AND a.k = (n.n / 2) % a.of
  JOIN (SELECT p.*, row_number() OVER (PARTITION BY level ORDER BY id) - 1 AS k,
               count(*) OVER (PARTITION BY level) AS of FROM procedure p) p
    ON p.level = a.level AND p.k = (n.n / 3) % p.of
  LEFT JOIN department d ON d.agency_id = a.id AND d.name = p.department_name
), timed AS (
  SELECT *, sent + interval '1 day' AS intake_due,
         sent + interval '1 hour' * CASE WHEN intake < 0.05 THEN 30 + intake * 200 ELSE 1 + intake * 22 END AS answered
  FROM placed
), processed AS (
  SELECT *, answered AS received, answered + interval '1 day' * processing_time * 1.4 AS due,
         answered + interval '1 day' * processing_time * 1.4 * (0.3 + speed * 0.75) AS ready
  FROM timed
)
SELECT *, ready + interval '1 day' * (wait * 6) AS collected,
       CASE WHEN answered > now() THEN 'submitted'
            WHEN fate < 0.03 THEN 'refused'
            WHEN ready > now() THEN CASE WHEN wait < 0.1 THEN 'information_requested'
                                         WHEN wait < 0.3 THEN 'received'
                                         WHEN wait < 0.5 THEN 'awaiting_approval' ELSE 'in_appraisal' END
            WHEN fate < 0.05 THEN 'withdrawn'
            WHEN fate < 0.06 THEN 'stopped'
            WHEN ready + interval '1 day' * (wait * 6) > now() THEN 'result_ready'
            WHEN fate < 0.065 THEN 'voided'
            ELSE 'returned' END AS state
FROM processed;

INSERT INTO dossier (id, reference, code, secret, state, version, procedure_id, procedure_name, processing_time, time_unit,
  on_supplement, agency_id, department_id, return_place_id, citizen_id, applicant_kind, applicant_name,
  applicant_personal_id, applicant_phone, applicant_address, declared_email, representative_name,
  representative_personal_id, representative_phone, request_summary, proposal_reason, created_at, updated_at,
  submitted_at, received_at, forwarded_at, closed_at, due_at, search_text)
SELECT 1000000 + n, 'B-' || n, 'B-' || n, 'bench-' || n, state, 1, procedure_id, procedure_name, processing_time, time_unit, 'pause',
  agency_id, department_id, NULL, (SELECT min(id) FROM ab_user), 'citizen', 'Nguyễn Văn ' || n, '022185' || n,
  '0912345678', 'Tổ ' || n % 30 || ', khu ' || n % 9, 'b' || n || '@example.com', '', '', '', 'Đề nghị giải quyết', '',
  sent, sent, sent,
  CASE WHEN state NOT IN ('submitted', 'refused') THEN received END,
  CASE WHEN state NOT IN ('submitted', 'refused', 'received') THEN received + interval '1 hour' END,
  CASE WHEN state IN ('returned', 'voided') THEN collected WHEN state IN ('withdrawn', 'stopped') THEN ready
       WHEN state = 'refused' THEN answered END,
  CASE WHEN state = 'submitted' THEN intake_due WHEN state IN ('received', 'in_appraisal', 'awaiting_approval') THEN due END,
  'b-' || n || ' nguyen van ' || n || ' ' || lower(procedure_name)
FROM life;

INSERT INTO dossier_clock (dossier_id, kind, started_at, paused_at, stopped_at, due_at, half_at, three_quarters_at, warned,
  worked_seconds)
SELECT 1000000 + n, 'intake', sent, NULL, CASE WHEN state <> 'submitted' THEN answered END, intake_due, intake_due, intake_due, 0,
  CASE WHEN state <> 'submitted' THEN (extract(epoch FROM answered - sent) / 3)::int END
FROM life;
INSERT INTO dossier_clock (dossier_id, kind, started_at, paused_at, stopped_at, due_at, half_at, three_quarters_at, warned,
  worked_seconds)
SELECT 1000000 + n, 'processing', received, CASE WHEN state = 'information_requested' THEN received + (now() - received) / 2 END,
  CASE WHEN ready <= now() THEN ready END, due, due, due, 0,
  CASE WHEN ready <= now() THEN (extract(epoch FROM ready - received) / 4)::int END
FROM life WHERE state NOT IN ('submitted', 'refused');

INSERT INTO supplement_request (dossier_id, transition, reason, requested_by_id, created_at, sent_at, answered_at)
SELECT 1000000 + n, 'request_information', 'Cần làm rõ', (SELECT min(id) FROM ab_user), received, received + (now() - received) / 2, NULL
FROM life WHERE state = 'information_requested'
UNION ALL
SELECT 1000000 + n, 'request_information', 'Cần làm rõ', (SELECT min(id) FROM ab_user), received, received + (ready - received) / 4,
  received + (ready - received) / 2
FROM life WHERE n % 10 = 0 AND state IN ('returned', 'result_ready', 'voided');

INSERT INTO counted_dossier (id, agency_id, department_id, procedure_id, field_id, state, submitted_at, intake_due_at,
  intake_done_at, intake_seconds, received_at, forwarded_at, due_at, waiting_since, finished_at, timeliness,
  processing_seconds, closed_at)
SELECT d.id, d.agency_id, d.department_id, d.procedure_id, l.field_id, d.state, d.submitted_at, i.due_at, i.stopped_at,
  i.worked_seconds, d.received_at, d.forwarded_at, p.due_at, p.paused_at, p.stopped_at,
  CASE WHEN p.stopped_at IS NULL THEN NULL WHEN p.stopped_at > p.due_at THEN 'late'
       WHEN d.state NOT IN ('withdrawn', 'stopped') AND timezone('Asia/Ho_Chi_Minh', p.stopped_at)::date
            < timezone('Asia/Ho_Chi_Minh', p.due_at)::date THEN 'early' ELSE 'on_time' END,
  p.worked_seconds, d.closed_at
FROM life l
JOIN dossier d ON d.id = 1000000 + l.n
JOIN dossier_clock i ON i.dossier_id = d.id AND i.kind = 'intake'
LEFT JOIN dossier_clock p ON p.dossier_id = d.id AND p.kind = 'processing';

INSERT INTO dossier_fee (dossier_id, name, kind, amount, timing, amount_reason, exempt_reason)
SELECT 1000000 + n, 'Lệ phí', 'fee', 20000 + n % 9 * 10000, 'at_return', '', '' FROM life WHERE n % 2 = 0 AND state = 'returned';
INSERT INTO payment (dossier_id, place_id, amount, receipt_number, taken_by_id, taken_at)
SELECT 1000000 + l.n, p.id, 20000 + l.n % 9 * 10000, 'B' || l.n, (SELECT min(id) FROM ab_user), l.collected
FROM life l JOIN LATERAL (SELECT min(id) AS id FROM reception_place r WHERE r.agency_id = l.agency_id) p ON true
WHERE l.n % 2 = 0 AND l.state = 'returned';

UPDATE counted_dossier SET received_seconds = processing_seconds / 8, appraisal_seconds = processing_seconds * 5 / 8,
  approval_seconds = processing_seconds / 8, decided_seconds = processing_seconds / 8, waiting_seconds = 0
WHERE finished_at IS NOT NULL;
