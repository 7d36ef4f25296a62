"""Checks of the Jira Server / Data Center face: `rest/tempo-teams/*`, and the Jira resources its clients call."""
