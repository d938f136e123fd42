"""What the program offers and nothing in it uses: names that only tests mention, by the source.

Three kinds are looked at. What modules define is followed through imports, so that a name counts
as used only where that very one is meant. Methods and fields go by their name: one that is read
anywhere may be meant. A parameter is used if any function of that name looks at it, for the parts
of a port need not all want the same; what is handed on as a value takes what its caller gives.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef | ast.Assign | ast.AnnAssign
# Decorators that leave a function what it is; any other hands it to a library, which calls it.
PLAIN = frozenset(
    "property classmethod staticmethod contextmanager asynccontextmanager lru_cache cache "
    "dataclass runtime_checkable overload".split()
)
# Bases that call nothing of ours. Every other one from outside may.
SILENT = frozenset(
    "Protocol Generic Enum StrEnum IntEnum Exception ValueError BaseModel BaseSettings "
    "NamedTuple TypedDict".split()
)


@dataclass(frozen=True, slots=True)
class Module:
    name: str  # "bot.words.messages"
    tree: ast.Module
    is_package: bool

    @property
    def package(self) -> str:
        return self.name if self.is_package else self.name.rpartition(".")[0]


@dataclass(slots=True)
class Uses:
    """Everything that is read somewhere, with the places where."""

    names: dict[str, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    attributes: dict[str, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))


def modules_in(root: Path, *packages: str) -> list[Module]:
    """Every file of these packages, parsed."""
    found = []
    for path in sorted(path for package in packages for path in (root / package).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found.append(Module(name, tree, is_package))
    return found


def unused(modules: list[Module]) -> list[str]:
    """`module.name`, `module.Class.name` and `module.function(parameter)`, sorted."""
    uses = _uses(modules)
    ours = {node.name for module in modules for node in _classes(module)}
    found = [*_unused_names(modules, uses), *_unused_members(modules, uses, ours)]
    return sorted([*found, *_unused_parameters(modules, ours)])


# --- what is defined ------------------------------------------------------------------------------


def _definitions(body: list[ast.stmt]) -> Iterator[tuple[str, Definition]]:
    """Public names that a module or class defines."""
    for node in body:
        if isinstance(node, Function | ast.ClassDef):
            names = [node.name]
        elif isinstance(node, ast.Assign):
            names = [name for target in node.targets for name in _targets(target)]
        elif isinstance(node, ast.AnnAssign):
            names = list(_targets(node.target))
        else:
            continue
        yield from ((name, node) for name in names if not name.startswith("_"))


def _targets(target: ast.expr) -> Iterator[str]:
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Tuple):
        for element in target.elts:
            yield from _targets(element)


def _classes(module: Module) -> Iterator[ast.ClassDef]:
    return (node for node in module.tree.body if isinstance(node, ast.ClassDef))


def _is_a_librarys(node: Definition) -> bool:
    """Whether a decorator hands it to somebody who calls it."""
    if not isinstance(node, Function):
        return False
    return any(_last(decorator) not in PLAIN for decorator in node.decorator_list)


def _last(node: ast.expr) -> str:
    """`validator` of `pydantic.validator("x")`."""
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Subscript):
        node = node.value
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


# --- what is used ---------------------------------------------------------------------------------


def _uses(modules: list[Module]) -> Uses:
    bound = {module.name: _bindings(module) for module in modules}
    uses = Uses()
    for module in modules:
        for node in ast.walk(module.tree):
            _note(uses, module, node, bound)
    return uses


def _bindings(module: Module) -> dict[str, str]:
    """What the names of a module stand for: `{"words": "bot.words", "log": "bot.app.log"}`."""
    own = {name: f"{module.name}.{name}" for name, _ in _definitions(module.tree.body)}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                own[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                whole = alias.name if alias.asname else alias.name.partition(".")[0]
                own[alias.asname or whole] = whole
    return own


def _note(uses: Uses, module: Module, node: ast.AST, bound: Mapping[str, dict[str, str]]) -> None:
    place = (module.name, getattr(node, "lineno", 0))
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        uses.names[_meant(_dotted(node, bound[module.name]), bound)].append(place)
    elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        uses.attributes[node.attr].append(place)
        uses.names[_meant(_dotted(node, bound[module.name]), bound)].append(place)
    elif isinstance(node, ast.MatchClass):
        for name in node.kwd_attrs:
            uses.attributes[name].append(place)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        uses.attributes[node.value].append(place)  # for `getattr`
        if ":" in node.value:  # "adapters.voices.espeak:open_voice"
            uses.names[node.value.replace(":", ".")].append(place)
        if node.value in bound:  # the module is given to a child, which looks for its tasks
            uses.names[f"{node.value}.TASKS"].append(place)


def _dotted(node: ast.expr, names: Mapping[str, str]) -> str:
    """`bot.words.messages.HELP`, as far as imports tell; else nothing."""
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value, names)
        return f"{before}.{node.attr}" if before else ""
    return ""


def _meant(dotted: str, bound: Mapping[str, dict[str, str]]) -> str:
    """Where a name that packages hand on is at home."""
    for _ in range(len(bound)):
        module, _, name = dotted.rpartition(".")
        further = bound.get(module, {}).get(name, dotted)
        if further == dotted:
            break
        dotted = further
    return dotted


def _is_read(places: list[tuple[str, int]], module: Module, node: ast.AST) -> bool:
    """Anywhere but within itself."""
    first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
    return any(name != module.name or not first <= line <= last for name, line in places)


# --- what is not ----------------------------------------------------------------------------------


def _unused_names(modules: list[Module], uses: Uses) -> Iterator[str]:
    for module in modules:
        for name, node in _definitions(module.tree.body):
            whole = f"{module.name}.{name}"
            if not _is_read(uses.names.get(whole, []), module, node) and not _is_a_librarys(node):
                yield whole


def _unused_members(modules: list[Module], uses: Uses, ours: set[str]) -> Iterator[str]:
    for module in modules:
        for owner in _classes(module):
            if owner.name.startswith("_") or _has_a_loud_base(owner, ours):
                continue
            for name, node in _definitions(owner.body):
                is_read = _is_read(uses.attributes.get(name, []), module, node)
                if not is_read and not _is_a_librarys(node):
                    yield f"{module.name}.{owner.name}.{name}"


def _has_a_loud_base(owner: ast.ClassDef, ours: set[str]) -> bool:
    return any(_last(base) not in ours | SILENT for base in owner.bases)


def _unused_parameters(modules: list[Module], ours: set[str]) -> Iterator[str]:
    """Of public functions and methods, where none of that name looks at it."""
    known: dict[str, list[tuple[str, Function]]] = defaultdict(list)
    values = {name for module in modules for name in _handed_on(module)}
    for module in modules:
        for where, node in _functions(module, ours):
            if node.name not in values:
                known[node.name].append((where, node))
    for alike in known.values():
        read = {name for _, node in alike for name in _loaded(node)}
        for where, node in alike:
            for parameter in _parameters(node):
                if parameter not in read:
                    yield f"{where}.{node.name}({parameter})"


def _functions(module: Module, ours: set[str]) -> Iterator[tuple[str, Function]]:
    for owner in (module.tree, *_classes(module)):
        if isinstance(owner, ast.ClassDef) and _has_a_loud_base(owner, ours):
            continue
        where = f"{module.name}.{owner.name}" if isinstance(owner, ast.ClassDef) else module.name
        for name, node in _definitions(owner.body):
            if isinstance(node, Function) and name == node.name and not _is_a_librarys(node):
                yield where, node


def _handed_on(module: Module) -> Iterator[str]:
    """Names that are read and not called where they stand."""
    called = {id(node.func) for node in ast.walk(module.tree) if isinstance(node, ast.Call)}
    for node in ast.walk(module.tree):
        if id(node) not in called and isinstance(node, ast.Name | ast.Attribute):
            yield _last(node)


def _loaded(node: Function) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _parameters(node: Function) -> list[str]:
    arguments = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
    names = [argument.arg for argument in arguments]
    return [name for name in names if name not in ("self", "cls") and not name.startswith("_")]
