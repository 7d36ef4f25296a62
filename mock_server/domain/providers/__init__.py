"""The services outside of Jira that Tempo gathers from, as far as connecting people needs them: one module for each."""
