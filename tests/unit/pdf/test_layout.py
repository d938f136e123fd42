"""The layout model is loaded once, as we want it, and only where a page is laid out."""

from __future__ import annotations

import subprocess
import sys

LOOK = """
import sys
from pipeline import read
import pymupdf
print(*sys.modules)
from pipeline.pdf import layout
layout.warm_up()
options = layout._model().session._session.get_session_options()
print(pymupdf._get_layout, options.intra_op_num_threads)
"""
MODELS = {"onnxruntime", "pymupdf.layout.onnx.BoxRFDGNN", "pymupdf4llm.helpers"}


def test_the_library_loads_no_model_of_its_own_beside_ours() -> None:
    done = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, check=True, text=True)
    before, after = done.stdout.splitlines()
    assert MODELS & {*before.split()} == set()
    assert after == "None 1"
