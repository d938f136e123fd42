"""A script → PCM → one tagged MP3. Runs in a child process.

Nothing is called spoken before it was checked: as much sound as the words need, no hole in it, no
clipping, not the sound of other words. What a voice fails on is tried again in halves, then by the
next voice. What is only strange for this voice is tried again once.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np

from pipeline.audio.captions import lines_in, with_whole_words
from pipeline.audio.ear import Ear
from pipeline.audio.mp3 import RATE, mp3_writer
from pipeline.audio.sound import (
    FRAME_S,
    SILENCE_DB,
    Segment,
    finished,
    loudness_frames,
    resampled,
    silence,
    trimmed,
)
from pipeline.audio.tags import Tags, write_tags
from pipeline.domain import (
    Narration,
    Script,
    Telling,
    Utterance,
)
from pipeline.errors import DiskFull, SpeechFailed, is_disk_full
from pipeline.language.pace import seconds_to_say
from pipeline.ports import Pcm, Voice
from pipeline.spoken.script import MAX_CHARACTERS, smaller
from pipeline.times import Cue

LEAD_IN_S, LEAD_OUT_S = 0.25, 0.5
# Of the seconds that a text should take: measured 0.75–1.45 for whole sentences of every voice,
# wider for a word alone (docs/narration.md).
LEAST_PACE, MOST_PACE, SLACK_S = 0.4, 2.2, 1.0
QUIETEST_RMS = 0.004  # −48 dBFS; speech at −19 LUFS has 0.08
LONGEST_HOLE_S = 2.5
MOST_CLIPPED = 0.01  # of the samples
DEEPEST_SPLIT = 3
NOT_FETCHED = "not fetched"  # the fault of a text that its server was not asked for

OpenVoice = Callable[[], Voice]


@dataclass(slots=True)
class Spoken:
    """What came of a script. `splits`: utterances said in halves; `helped`: by a later voice;
    `doubtful`: of a strange length, and kept because no voice did better."""

    samples: int = 0
    speech_cpu_s: float = 0.0
    splits: int = 0
    helped: int = 0
    doubtful: int = 0
    helped_signs: int = 0  # characters said by a later voice
    faults: Counter[str] = field(default_factory=Counter)  # why something was said again
    cues: list[Cue] = field(default_factory=list)


def narrated(
    voices: Sequence[OpenVoice],
    script: Script,
    narration: Narration,
    out: Path,
    *,
    tags: Tags,
    told: Telling | None = None,
    foreign_voices: Mapping[str, OpenVoice] | None = None,
) -> Spoken:
    """Speak a script into an MP3 at `out`, whole or not at all.

    `voices`: the first speaks; the others are opened for what it cannot say. `foreign_voices`: who
    says what stands in other languages, by language. `told`: what the script was made of; with it
    the tag tells when what is said. Raises `SpeechFailed`, `DiskFull`.
    """
    half = out.with_name(f".{out.name}.part")
    recital = Recital(voices=voices, narration=narration, foreign_voices=foreign_voices or {})
    try:
        with mp3_writer(half) as writer:
            for piece in recital.pcm_of(script):
                writer.write(piece)
        recital.outcome.samples = writer.samples
        if told is not None:
            recital.outcome.cues = with_whole_words(recital.outcome.cues, told)
            lines = lines_in(recital.outcome.cues, told)
            tags = replace(tags, lines=[(line.text, line.cue.start_ms) for line in lines])
        write_tags(half, tags)
        half.replace(out)
    except OSError as err:
        if is_disk_full(err):
            raise DiskFull from err
        raise
    finally:
        half.unlink(missing_ok=True)
    return recital.outcome


@dataclass(slots=True)
class Recital:
    """One script being spoken, utterance by utterance, so that its length costs no memory."""

    voices: Sequence[OpenVoice]
    narration: Narration
    foreign_voices: Mapping[str, OpenVoice] = field(default_factory=dict)
    outcome: Spoken = field(default_factory=Spoken)
    samples: int = 0  # of what was yielded
    ear: Ear = field(default_factory=Ear)

    def pcm_of(self, script: Script) -> Iterator[Segment]:
        """The sound at 24 kHz with its pauses. Raises `SpeechFailed`."""
        if not any(has_words(utterance) for utterance in script.utterances):
            raise SpeechFailed
        self.samples = 0
        yield self._counted(silence(LEAD_IN_S))
        for utterance in script.utterances:
            yield from self._said(utterance, DEEPEST_SPLIT)
        yield self._counted(silence(LEAD_OUT_S))

    def _counted(self, segment: Segment) -> Segment:
        self.samples += int(segment.frame_count())
        return segment

    def _with_cues(self, segment: Segment, utterance: Utterance) -> Segment:
        start = self.samples
        self._counted(segment)
        self.outcome.cues += cues_of(utterance, start, self.samples)
        return segment

    def _said(self, utterance: Utterance, splits: int) -> Iterator[Segment]:
        if has_words(utterance):
            try:
                pcm, is_strange = self._by(*self._voice_of(utterance), utterance.text)
            except SpeechFailed as err:
                is_short = len(utterance.text) <= MAX_CHARACTERS
                is_in_vain = is_short and err.facts.get("fault") == NOT_FETCHED
                yield from self._said_otherwise(utterance, 0 if is_in_vain else splits)
                return
            if is_strange and splits == DEEPEST_SPLIT:
                yield from self._said_again(utterance, pcm)
                return
            yield self._with_cues(finished(pcm), utterance)
        yield self._paused(utterance)

    def _paused(self, utterance: Utterance) -> Segment:
        return self._counted(silence(utterance.pause_s / self.narration.speed))

    def _said_again(self, utterance: Utterance, pcm: Pcm) -> Iterator[Segment]:
        """Once, in halves: it is twice or half as long as it should be. What comes then is kept."""
        self.outcome.faults["strange"] += 1
        halves = smaller(utterance)
        begun = self.samples
        if len(halves) > 1:
            self.outcome.splits += 1
            for half in halves:
                yield from self._said(half, DEEPEST_SPLIT - 1)
        else:
            yield self._with_cues(finished(pcm), utterance)
            yield self._paused(utterance)
        pauses_s = sum(half.pause_s for half in halves) / self.narration.speed
        seconds = (self.samples - begun) / RATE - pauses_s
        voice, language = self._voice_of(utterance)
        expected_s = seconds_to_say(utterance.text, language) / self.narration.speed
        if self.ear.is_strange(voice().facts.id, utterance.text, seconds, expected_s):
            self.outcome.doubtful += 1

    def _said_otherwise(self, utterance: Utterance, splits: int) -> Iterator[Segment]:
        """In halves, and what is left of it by another voice."""
        halves = smaller(utterance)
        if splits and len(halves) > 1:
            self.outcome.splits += 1
            for half in halves:
                yield from self._said(half, splits - 1)
            return
        pcm = self._by_another(utterance.text, utterance.language)
        yield self._with_cues(finished(pcm), utterance)
        yield self._paused(utterance)

    def _voice_of(self, utterance: Utterance) -> tuple[OpenVoice, str]:
        """A quotation's own language by its guest, else by the first voice that speaks it; where
        none does, as all the rest."""
        own = self.narration.language
        if utterance.language in ("", own):
            return self.voices[0], own
        if guest := self.foreign_voices.get(utterance.language):
            return guest, utterance.language
        speaking = (v for v in self.voices if utterance.language in v().facts.languages)
        voice = next(speaking, None)
        return (voice, utterance.language) if voice is not None else (self.voices[0], own)

    def _by_another(self, text: str, quoted: str) -> Pcm:
        helpers = self.voices[1:]
        own = self.narration.language
        spoken = [name for voice in helpers for name in voice().facts.languages]
        language = quoted if quoted in spoken else own
        for voice in helpers:
            if language not in voice().facts.languages:
                continue
            try:
                pcm, _ = self._by(voice, language, text)
            except SpeechFailed:
                continue
            self.outcome.helped += 1
            self.outcome.helped_signs += len(text)
            return pcm
        self.outcome.doubtful += 1
        return self._by(self.voices[-1], language, text, patience=3.0)[0]

    def _by(
        self, opened: OpenVoice, language: str, text: str, patience: float = 1.0
    ) -> tuple[Pcm, bool]:
        """What is heard, and whether it is strangely long or short for this voice."""
        try:
            return self._heard(opened(), language, text, patience)
        except SpeechFailed as err:
            self.outcome.faults[str(err.facts.get("fault", "unsaid"))] += 1
            raise

    def _heard(self, voice: Voice, language: str, text: str, patience: float) -> tuple[Pcm, bool]:
        speed = self.narration.speed
        slowest, fastest = voice.facts.speeds
        began = time.process_time()
        pcm = voice.speak(text, speed=min(max(speed, slowest), fastest), language=language)
        self.outcome.speech_cpu_s += time.process_time() - began
        expected_s = seconds_to_say(text, language) / speed
        pcm = checked(pcm, voice.facts.sample_rate, expected_s, patience)
        if self.ear.knows_as_another(text, pcm) and patience == 1.0:
            raise SpeechFailed(fault="of other words")
        is_strange = self.ear.is_strange(voice.facts.id, text, len(pcm) / RATE, expected_s)
        return pcm, is_strange


def cues_of(utterance: Utterance, start: int, end: int) -> list[Cue]:
    """For sound from one sample to another. Where several spans are in it, each has a share like
    its share of the signs: nobody knows when a voice comes to the second."""
    signs = [span.end - span.start for span in utterance.said]
    shares = accumulate(signs, initial=0)
    marks = [_ms(start + (end - start) * share / max(1, sum(signs))) for share in shares]
    return [
        Cue(start_ms=first, end_ms=last, said=span, is_estimated=len(signs) > 1)
        for span, (first, last) in zip(utterance.said, pairwise(marks), strict=True)
    ]


def _ms(samples: float) -> int:
    return round(samples * 1000 / RATE)


def has_words(utterance: Utterance) -> bool:
    return any(sign.isalnum() for sign in utterance.text)


def checked(pcm: Pcm, rate: int, expected_s: float, patience: float = 1.0) -> Pcm:
    """The speech in it at 24 kHz. Raises `SpeechFailed` for what cannot be this text spoken.

    `patience` widens the band of lengths, for the last voice that there is."""
    fault = _fault_in(pcm, rate)
    if fault:
        raise SpeechFailed(fault=fault)
    pcm = trimmed(resampled(pcm, rate))
    seconds = len(pcm) / RATE
    if seconds < LEAST_PACE / patience * expected_s - 0.1:
        raise SpeechFailed(fault="short")
    if seconds > MOST_PACE * patience * expected_s + SLACK_S:
        raise SpeechFailed(fault="long")
    return pcm


def _fault_in(pcm: Pcm, rate: int) -> str:
    """Whatever the text is; empty: none."""
    if not len(pcm) or not bool(np.isfinite(pcm).all()):
        return "empty"
    if float(np.mean(np.abs(pcm) > 1.0)) > MOST_CLIPPED:
        return "clipped"
    frames = loudness_frames(pcm, rate)
    if float(np.sqrt(np.mean(np.square(frames)))) < QUIETEST_RMS:
        return "silent"
    return "with a hole" if _longest_hole_s(frames) > LONGEST_HOLE_S else ""


def _longest_hole_s(frames: Pcm) -> float:
    """The longest silence between two sounds."""
    heard = np.flatnonzero(frames > frames.max() * 10 ** (SILENCE_DB / 20))
    return float(np.diff(heard).max(initial=1) - 1) * FRAME_S
