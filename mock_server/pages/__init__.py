"""The settings pages: what an administrator does by clicks, in HTML. They work without a script."""
