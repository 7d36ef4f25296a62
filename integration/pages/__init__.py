"""The pages of the integration, served to one person on their own machine by ``tempo-sync serve``."""
