"""The conversation: what a listener can do, on any platform."""
