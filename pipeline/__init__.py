"""A PDF becomes spoken chapters. Knows no chat, no database and no network."""

import os

# Nobody reads or speaks a word without this package, so it stands before onnxruntime in every
# process: that library reports its use to its vendor unless it is told not to, before it loads.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
