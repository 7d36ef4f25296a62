ALTER TABLE audit_context ADD COLUMN change INTEGER NOT NULL DEFAULT 0;
ALTER TABLE audit_events ADD COLUMN change INTEGER;
CREATE INDEX audit_events_noun ON audit_events(noun, verb, at, id, who, face);
CREATE INDEX audit_events_worklogs ON audit_events(json_extract(coalesce(after, before), '$.author_id'), verb, at, id)
  WHERE noun = 'worklogs';
CREATE INDEX audit_events_plans ON audit_events(json_extract(coalesce(after, before), '$.person_id'), verb, at, id)
  WHERE noun = 'plans';
CREATE INDEX audit_events_internal_issues ON audit_events(verb, at, id)
  WHERE noun = 'issues' AND (json_extract(before, '$.is_internal') OR json_extract(after, '$.is_internal'));
CREATE INDEX audit_events_jira_worklogs ON audit_events(verb, at, id)
  WHERE noun = 'worklogs' AND face IN ('jira', 'jira_cloud', 'domain');
CREATE INDEX audit_events_parts ON audit_events(change)
  WHERE noun IN ('worklog_attributes', 'plan_removed_days', 'permission_role_keys', 'permission_role_holders',
  'permission_role_teams');
