"""OAuth 2.0 of Tempo Cloud: the token endpoints, and the page on which people consent."""
