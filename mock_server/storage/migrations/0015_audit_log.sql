-- What one person changed is found among a million changes of others.
CREATE INDEX audit_events_who ON audit_events(who, noun, verb, at, id, face);
-- Internal issues are few among many others.
CREATE INDEX issues_internal ON issues(id) WHERE is_internal;
