"""Checks of integrations: commands that read a site of Tempo and keep something in step with it."""
