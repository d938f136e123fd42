"""Summarizers behind a server, one module a protocol. Without one, `pipeline.digest.Extracts`."""
