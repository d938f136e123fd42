"""Everything that touches an outside world. No adapter imports another."""
