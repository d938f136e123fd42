"""English words down to what they mean: one base for all forms of a word, and pairs of opposites,
so that "fell" is known for the opposite of "increased" and "rose" for the same."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

_IRREGULAR = {
    form: word
    for word, forms in (
        line.split(": ")
        for line in """\
be: am is are was were been being
become: became becoming
begin: began begun
break: broke broken
bring: brought
build: built
burn: burnt burned
buy: bought
catch: caught
choose: chose chosen
come: came
cut: cutting
die: died dying dies
draw: drew drawn
drink: drank drunk
drive: drove driven
eat: ate eaten
fall: fell fallen
feel: felt
fight: fought
find: found
fly: flew flown flies
forbid: forbade forbidden
forget: forgot forgotten
gain: gained
get: got gotten
give: gave given
go: went gone goes
grow: grew grown
have: has had having
hear: heard
hide: hid hidden
hold: held
keep: kept
know: knew known
lay: laid
lead: led
leave: left leaves
lend: lent
lie: lay lain lying
lose: lost
low: lower lowered lowers lowering
make: made
mean: meant
meet: met
pay: paid
read: reading
ride: rode ridden
rise: rose risen
run: ran
say: said
see: saw seen
seek: sought
sell: sold
send: sent
set: setting
show: shown
shrink: shrank shrunk
sing: sang sung
sink: sank sunk
sleep: slept asleep
speak: spoke spoken
spend: spent
spread: spreading
stand: stood
strike: struck stricken
swim: swam swum
take: took taken
teach: taught
tell: told
think: thought
throw: threw thrown
understand: understood
win: won
withdraw: withdrew withdrawn
write: wrote written
child: children
foot: feet
man: men
person: people
tooth: teeth
woman: women
wife: wives
life: lives
half: halves
datum: data
analysis: analyses
good: well
little: least
many: most
many: much
dead: death deaths
agree: agreed agreeing
free: freed freeing
prove: proof proofs proven
heavy: heavily
severe: badly severely
""".splitlines()
    )
    for form in forms.split()
}
# Each line: what one side says / what the other does. Words of one side need not mean the same;
# they only never say the opposite of each other.
_OPPOSITES = """\
rise increase grow raise climb gain expand enlarge swell surge double more high higher great \
greater large larger above exceed up upward longer most maximum elevate boost multiply dear \
expensive / fall decrease shrink lower drop decline reduce diminish sink cut less few fewer low \
small smaller below down downward shorter least minimum dwindle collapse plunge halve dim cheap
better good best improve superior benefit effective / worse bad worst worsen deteriorate inferior \
poor ineffective
often frequently usually always commonly mostly regularly / seldom rarely sometimes occasionally \
infrequently
allow permit let authorise authorize legal lawful consent entitle / forbid prohibit ban outlaw \
illegal unlawful disallow bar
valid binding enforceable / void invalid null
alive live living survive / dead die kill perish fatal destroy lethal
buy purchase / sell
support favour favor back endorse / oppose reject fight resist
open / close shut
earn profit profitable / lose loss unprofitable
first initial initially / last final finally
begin start open launch / end finish stop cease close terminate
accept agree approve / refuse decline reject deny
true correct right accurate / false wrong incorrect mistaken inaccurate
safe harmless secure innocuous / dangerous unsafe harmful risky hazardous deadly toxic poisonous \
harm
strong strengthen stronger powerful / weak weaken weaker feeble
hold last persist continue remain endure / weaken fade wane vanish cease disappear
remove eliminate extract / leave retain keep preserve
hot warm heat / cold cool chill
early earlier / late later
fast quick rapid faster accelerate speed / slow slower slowly delay
near close nearby / far distant remote
same equal equally alike identical similar / different differ unequal unequally differently vary
easy simple easily / hard difficult complicated
success succeed pass / fail failure
cause trigger produce induce / prevent hinder avert
grant give / refuse withhold deny
receive obtain award / pay
include admit / exclude omit
love like / hate dislike
wet moist / dry
rich wealthy / poor
young new / old
inside within indoor / outside beyond outdoor
full / empty
day daily daylight / night
north northern / south southern
east eastern / west western
positive / negative
public / private
guilty / innocent
possible able / impossible unable
healthy well / ill sick unwell
win victory victorious / lose defeat
long lengthy / short brief
heavy / light
deep / shallow
wide broad / narrow
clean pure / dirty contaminated polluted
friend ally / enemy foe
import / export
create found / abolish dissolve
enter arrive / leave depart exit
guide attract / repel
attack invade / defend
borrow / lend
clear transparent / cloudy opaque
raw uncooked / cooked
voluntary optional / compulsory mandatory
temporary / permanent
majority / minority
income revenue / expense
bright brighter / dim faint fainter
"""
_SURE_PREFIXES = ("un", "non")
_PREFIXES = ("un", "non", "dis", "in", "im", "ir", "il")
_ENDINGS = (
    "ization", "isation", "ations", "ation", "ments", "ment", "ings", "ing", "ies", "ied", "ness",
    "edly", "ed", "ers", "er", "est", "ally", "ly", "es", "s",
)  # fmt: skip
_VERBAL = ("ed", "ing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """`sides`: the pairs of opposites that a word belongs to, with the side: 1 or -1."""

    base: str
    sides: frozenset[tuple[int, int]] = frozenset()


@lru_cache(maxsize=50_000)
def meaning_of(word: str) -> Meaning:
    """Of a lower-case English word."""
    base = base_of(word)
    return Meaning(base=base, sides=_SIDES.get(base, frozenset()))


@lru_cache(maxsize=50_000)
def base_of(word: str) -> str:
    """The same for all forms of a word; need not be a word itself."""
    word = word.removesuffix("’s").removesuffix("'s")
    word = _IRREGULAR.get(word, word)
    for prefix in _PREFIXES:
        rest = word.removeprefix(prefix)
        if rest != word and rest in _IRREGULAR:
            return prefix + base_of(rest)
    word = _without_ending(word)
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    if len(word) > 3 and word[-1] in "eyi":
        word = word[:-1]
    if len(word) > 6 and word.endswith("at"):
        word = word.removesuffix("at")  # "compensated" like "compensation"
    return word


def _without_ending(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word.removesuffix(ending)
            is_verb = ending in _VERBAL and word.endswith("er") and len(word) > 4
            return word.removesuffix("er") if is_verb else word  # "offered" like "offer"
    return word


def are_opposite(one: Meaning, other: Meaning) -> bool:
    """Whether two words say opposite things, and in no pair the same."""
    pairs = {pair for pair, _ in one.sides} & {pair for pair, _ in other.sides}
    if pairs:
        shared = [(dict(one.sides)[pair], dict(other.sides)[pair]) for pair in pairs]
        return all(a != b for a, b in shared)
    return is_denied_form(one.base, other.base) or is_denied_form(other.base, one.base)


def are_alike(one: Meaning, other: Meaning) -> bool:
    """Whether two words are the same, or may stand for each other as sides of a pair."""
    return one.base == other.base or (
        bool(one.sides & other.sides) and not are_opposite(one, other)
    )


def is_denied_form(base: str, of: str) -> bool:
    """ "unknown" of "know"."""
    return any(
        base == prefix + of and len(of) >= (3 if prefix in _SURE_PREFIXES else 5)
        for prefix in _PREFIXES
    )


def _sides() -> dict[str, frozenset[tuple[int, int]]]:
    found: dict[str, set[tuple[int, int]]] = {}
    for pair, line in enumerate(_OPPOSITES.splitlines()):
        for side, words in zip((1, -1), line.split(" / "), strict=True):
            for word in words.split():
                found.setdefault(base_of(word), set()).add((pair, side))
    return {base: frozenset(sides) for base, sides in found.items()}


_SIDES = _sides()
