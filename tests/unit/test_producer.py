"""What children answer is not trusted."""

from __future__ import annotations

import pytest

from pipeline.domain import to_json
from pipeline.errors import ChildDied
from pipeline.producer import document_from
from tests.samples import a_document


def test_a_document_comes_back_whole() -> None:
    document = a_document("d" * 64, "One", "Two")
    assert document_from({"document": to_json(document).decode()}) == document


@pytest.mark.parametrize("answer", [{}, {"document": "{}"}, {"document": "nonsense"}])
def test_an_answer_that_is_no_document_is_a_child_that_failed(answer: dict[str, str]) -> None:
    with pytest.raises(ChildDied):
        document_from(answer)
