-- Who somebody is on a day, and who stands behind a session: asked for with almost every request, so each in one
-- statement. Plain reading with the rights of whoever calls; row-level security applies as everywhere.

CREATE FUNCTION standing_of(org uuid, person uuid, day date)
RETURNS TABLE (name text, organisation_kind text, posts json, unit_ids uuid[], has_left boolean)
LANGUAGE sql STABLE AS $$
  SELECT (SELECT p.name FROM people p WHERE p.org_id = org AND p.id = person),
    (SELECT o.kind FROM organisations o WHERE o.id = org),
    (SELECT coalesce(json_agg(json_build_object('role', t.role, 'unitId', t.unit_id) ORDER BY t.role), '[]') FROM posts t
      WHERE t.org_id = org AND t.person_id = person AND t.from_on <= day AND (t.to_on IS NULL OR t.to_on >= day)),
    ARRAY(SELECT m.unit_id FROM memberships m
      WHERE m.org_id = org AND m.person_id = person AND m.from_on <= day AND (m.to_on IS NULL OR m.to_on >= day)),
    (SELECT count(*) > 0 AND NOT bool_or(s.to_on IS NULL OR s.to_on >= day) FROM service_periods s
      WHERE s.org_id = org AND s.person_id = person)
$$;

-- The scope of the rows is that of the session's own organisation, and ends with the statement.
CREATE FUNCTION find_caller(token bytea, at timestamptz, day date)
RETURNS TABLE (account_id uuid, org_id uuid, person_id uuid, login_name text, must_change_password boolean,
  last_seen_at timestamptz, name text, organisation_kind text, posts json, unit_ids uuid[], has_left boolean)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  SELECT s.account_id, s.org_id, s.person_id, a.login_name, a.must_change_password, s.last_seen_at
    INTO account_id, org_id, person_id, login_name, must_change_password, last_seen_at
    FROM sessions s JOIN accounts a ON a.id = s.account_id
    WHERE s.token_hash = token AND s.expires_at > at AND a.disabled_at IS NULL;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM set_config('app.org_id', find_caller.org_id::text, true);
  SELECT w.name, w.organisation_kind, w.posts, w.unit_ids, w.has_left
    INTO name, organisation_kind, posts, unit_ids, has_left
    FROM standing_of(find_caller.org_id, find_caller.person_id, day) w;
  RETURN NEXT;
END
$$;
