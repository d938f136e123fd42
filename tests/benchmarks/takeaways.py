"""Takeaways against sentences that people wrote for the same chapters: ROUGE-L and words.

`pip install rouge-score`, then
`python -m tests.benchmarks.takeaways PAPER.json REFERENCE.txt`: the first is a line of
`listendock chapters --json`, the second has one sentence a line, in the order of the chapters.
Prints the tables of docs/takeaways.md.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

FEWEST_WORDS, MOST_WORDS = 20, 31


def main() -> None:
    if len(sys.argv) < 3 or importlib.util.find_spec("rouge_score") is None:
        print("needs rouge-score, a paper's JSON and the sentences that people wrote")
        return
    paper, reference = (Path(argument) for argument in sys.argv[1:3])
    chapters = json.loads(paper.read_text(encoding="utf-8"))["chapters"]
    wanted = [line for line in reference.read_text(encoding="utf-8").splitlines() if line.strip()]
    if len(chapters) != len(wanted):
        raise SystemExit(f"{len(chapters)} chapters, {len(wanted)} sentences")
    scores = [_rouge_l(good, c["takeaway"]) for good, c in zip(wanted, chapters, strict=True)]
    words = [len(chapter["takeaway"].split()) for chapter in chapters]
    fitting = sum(FEWEST_WORDS <= count <= MOST_WORDS for count in words)
    print(f"mean ROUGE-L {sum(scores) / len(scores):.3f}")
    print(f"{FEWEST_WORDS}–{MOST_WORDS} words: {fitting} of {len(words)}\n")
    print("| chapter | ROUGE-L | words | ours | reference |\n|---|---|---|---|---|")
    for chapter, good, score, count in zip(chapters, wanted, scores, words, strict=True):
        print(f"| {chapter['title']} | {score:.2f} | {count} | {chapter['takeaway']} | {good} |")


def _rouge_l(good: str, ours: str) -> float:
    module: Any = importlib.import_module("rouge_score.rouge_scorer")
    scorer = module.RougeScorer(["rougeL"], use_stemmer=True)
    return float(scorer.score(good, ours)["rougeL"].fmeasure)


if __name__ == "__main__":
    main()
