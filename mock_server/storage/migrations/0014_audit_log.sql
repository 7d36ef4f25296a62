-- What one person changed is found among a million changes of others.
CREATE INDEX audit_events_who ON audit_events(who, noun, verb, at, id, face);
