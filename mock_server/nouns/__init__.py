"""The nouns of a scenario: what the file of each may hold, and how it is written into a world and out again."""
