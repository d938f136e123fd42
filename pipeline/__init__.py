"""A PDF becomes spoken chapters. Knows no chat, no database and no network."""
