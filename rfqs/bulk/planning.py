"""The SQL that invents a batch of requests in temporary tables, the same for the same seed."""

from typing import LiteralString

LINES = 10  # of every request
OFFERS = 5  # suppliers asked, and quotations of the requests that have any

# Deterministic dice: `sides` faces, from 1. Keys are version 7 UUIDs made of a time and a word.
FUNCTIONS: LiteralString = """
CREATE OR REPLACE FUNCTION pg_temp.dice(g bigint, salt int, sides int) RETURNS int
  LANGUAGE sql IMMUTABLE AS $$
  SELECT 1 + ((hashint8extended(g * 1009 + salt, {seed}) & 2147483647) % sides)::int $$;
CREATE OR REPLACE FUNCTION pg_temp.key(at timestamptz, word text) RETURNS uuid
  LANGUAGE sql IMMUTABLE AS $$
  SELECT overlay(overlay(
    overlay(md5(word) placing lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') from 1)
    placing '7' from 13) placing '8' from 17)::uuid $$;
"""

MASTERS: LiteralString = """
DROP TABLE IF EXISTS pg_temp.bulk_site, pg_temp.bulk_item, pg_temp.bulk_supplier, pg_temp.bulk_word;
CREATE TEMP TABLE bulk_site AS
  SELECT row_number() OVER (ORDER BY s.code) AS n, s.id, s.code,
    CASE WHEN {per_site} THEN 'GP-' || s.code ELSE 'GP' END AS scope,
    (SELECT array_agg(u.id ORDER BY u.email) FROM accounts_user u
       JOIN accounts_user_sites us ON us.user_id = u.id
      WHERE us.site_id = s.id AND u.roles = '{{buyer}}') AS buyers,
    (SELECT array_agg(u.id ORDER BY u.email) FROM accounts_user u
       JOIN accounts_user_sites us ON us.user_id = u.id
      WHERE us.site_id = s.id AND u.roles = '{{approver}}') AS approvers
  FROM accounts_site s WHERE s.code ~ '^BK[0-9]{{2}}$';
CREATE TEMP TABLE bulk_item AS
  SELECT row_number() OVER (ORDER BY code) AS n, id, code, description, hsn, unit_id, last_price
  FROM rfqs_item WHERE code LIKE 'BULK-%';
CREATE TEMP TABLE bulk_supplier AS
  SELECT row_number() OVER (ORDER BY code) AS n, id, code || ' ' || name AS words
  FROM suppliers_supplier WHERE code LIKE 'BULK-%';
CREATE TEMP TABLE bulk_word AS
  SELECT row_number() OVER () AS n, place, work FROM
    unnest(ARRAY['Pune', 'Chennai', 'Vadodara', 'Nashik', 'Hosur', 'Jaipur', 'Indore', 'Rajkot'],
           ARRAY['Compressor overhaul', 'Crane inspection', 'Chiller maintenance', 'Roof repair',
                 'Forklift hire', 'Boiler cleaning', 'Panel wiring', 'Duct fabrication']) AS w (place, work);
ANALYZE bulk_site; ANALYZE bulk_item; ANALYZE bulk_supplier; ANALYZE bulk_word;
"""

# Of a hundred requests: 10 drafts, 20 open, 3 under evaluation, 20 pending, 35 approved, 12 ended otherwise.
# All under evaluation or pending have quotations, and every tenth open or approved one; the other approved ones
# are bare, like records taken over from another system. They spread evenly over two years, the newest today.
PLAN: LiteralString = """
DROP TABLE IF EXISTS pg_temp.bulk_plan, pg_temp.bulk_line, pg_temp.bulk_asked, pg_temp.bulk_offer,
  pg_temp.bulk_total;
CREATE TEMP TABLE bulk_plan ON COMMIT DROP AS
SELECT p.*,
  'GP-' || p.code || '-'
    || CASE WHEN serial < 1000 THEN lpad(serial::text, 3, '0') ELSE serial::text END AS number,
  pg_temp.key(at, 'request' || g) AS id,
  status NOT IN ('draft', 'cancelled') AS published,
  CASE WHEN status = 'draft' THEN NULL
       WHEN status = 'open' AND pg_temp.dice(g, 5, 5) > 1
       THEN {now} + make_interval(hours => 3 * pg_temp.dice(g, 6, 160))
       ELSE least(at + make_interval(days => pg_temp.dice(g, 6, 20)), {now} - interval '1 hour') END AS deadline,
  status IN ('evaluation', 'pending')
    OR status IN ('open', 'approved') AND pg_temp.dice(g, 7, 10) = 1 AS quoted,
  CASE kind WHEN 'provided_data' THEN split_part(i.description, ' x ', 1) || ' and similar'
            WHEN 'service' THEN w.work ELSE w.place || ' lane' END
    || ', lot ' || g || ' for ' || site_place AS title
FROM (
  SELECT g, {now} - ({last} - g) * ({span} / {total}) AS at,
    s.id AS site_id, s.code, s.scope, w.place AS site_place,
    coalesce(c.value, 0) + row_number() OVER (PARTITION BY s.scope ORDER BY g) AS serial,
    CASE WHEN d <= 10 THEN 'draft' WHEN d <= 30 THEN 'open' WHEN d <= 33 THEN 'evaluation'
         WHEN d <= 53 THEN 'pending' WHEN d <= 88 THEN 'approved' WHEN d <= 90 THEN 'rejected'
         WHEN d <= 96 THEN 'cancelled' ELSE 'unsuccessful' END AS status,
    CASE WHEN kind <= 7 THEN 'provided_data' WHEN kind <= 9 THEN 'service' ELSE 'transport' END AS kind,
    s.buyers[pg_temp.dice(g, 3, array_length(s.buyers, 1))] AS requester_id,
    s.approvers[pg_temp.dice(g, 4, array_length(s.approvers, 1))] AS approver_id
  FROM (SELECT g, CASE WHEN {waiting} THEN 50 ELSE pg_temp.dice(g, 1, 100) END AS d, pg_temp.dice(g, 2, 10) AS kind
        FROM generate_series({first}::bigint, {until}::bigint) g) numbered
  JOIN bulk_site s ON s.n = 1 + g % (SELECT count(*) FROM bulk_site)
  JOIN bulk_word w ON w.n = s.n
  LEFT JOIN rfqs_counter c ON c.scope = s.scope
) p
JOIN bulk_item i ON i.n = pg_temp.dice(g, 8, (SELECT count(*)::int FROM bulk_item))
JOIN bulk_word w ON w.n = pg_temp.dice(g, 9, 8);
CREATE UNIQUE INDEX ON bulk_plan (g);
ANALYZE bulk_plan;

CREATE TEMP TABLE bulk_line ON COMMIT DROP AS
SELECT p.g, p.id AS rfq_id, p.kind, pos AS n, pg_temp.key(p.at, 'line' || p.g || ':' || pos) AS id,
  a.place AS from_place, z.place AS to_place, i.id AS item_id, i.code, i.hsn, i.last_price,
  CASE p.kind WHEN 'provided_data' THEN i.description WHEN 'service' THEN w.work || ', part ' || pos
              ELSE a.place || ' to ' || z.place END AS description,
  CASE p.kind WHEN 'provided_data' THEN i.unit_id WHEN 'service' THEN 'E51' ELSE 'E54' END AS unit_id,
  CASE p.kind WHEN 'provided_data' THEN 5 * pg_temp.dice(p.g * 16 + pos, 12, 60)
              WHEN 'service' THEN pg_temp.dice(p.g * 16 + pos, 12, 4)
              ELSE 4 * pg_temp.dice(p.g * 16 + pos, 12, 6) END AS quantity
FROM bulk_plan p CROSS JOIN generate_series(1, {lines}) pos
JOIN bulk_item i ON i.n = pg_temp.dice(p.g * 16 + pos, 10, (SELECT count(*)::int FROM bulk_item))
JOIN bulk_word w ON w.n = pg_temp.dice(p.g * 16 + pos, 11, 8)
JOIN bulk_word a ON a.n = 1 + (p.g + pos) % 8
JOIN bulk_word z ON z.n = 1 + (p.g + pos + 3) % 8;

CREATE TEMP TABLE bulk_asked ON COMMIT DROP AS
SELECT p.g, k, s.id AS supplier_id, s.words, pg_temp.key(p.at, 'asked' || p.g || ':' || k) AS id,
  pg_temp.key(p.at, 'offer' || p.g || ':' || k) AS quotation_id
FROM bulk_plan p CROSS JOIN generate_series(1, {offers}) k
JOIN bulk_supplier s ON s.n = 1 + (pg_temp.dice(p.g, 13, 200) + k * 37) % 200;

CREATE TEMP TABLE bulk_offer ON COMMIT DROP AS
SELECT l.g, a.k, l.n, l.id AS line_id, a.quotation_id, a.supplier_id, l.quantity, price,
  round(price * l.quantity, 2) AS cost,
  price = min(price) OVER (PARTITION BY l.g, l.n) AS is_lowest,
  pg_temp.key(p.at, 'price' || l.g || ':' || a.k || ':' || l.n) AS id
FROM bulk_plan p
JOIN bulk_line l ON l.g = p.g JOIN bulk_asked a ON a.g = p.g
CROSS JOIN LATERAL (
  SELECT round(l.last_price * (85 + pg_temp.dice(l.g * 64 + a.k * 11 + l.n, 14, 40)) / 100, 2) AS price) priced
WHERE p.quoted;

CREATE TEMP TABLE bulk_total ON COMMIT DROP AS
SELECT DISTINCT ON (g) g, k, quotation_id, supplier_id, sum(cost) AS total FROM bulk_offer
GROUP BY g, k, quotation_id, supplier_id ORDER BY g, sum(cost), k;
"""
