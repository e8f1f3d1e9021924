"""Writes the rules by which Pygments tells code apart, as data: lexers.json.

    python -m venv venv
    venv/bin/pip install pygments==2.21.0
    venv/bin/python assets/pygments/refresh.py

Each lexer has its names and its states; a state is a list of rules: the number of a pattern, what becomes of the match,
and where that leads. A pattern is written as the crate `fancy-regex` reads it, from the tree that Python makes of it.
What becomes of a match: nothing (null), a class (its number), groups, code of another lexer in these states, or JSON. A
callback that is a program of its own is the class of plain text. It leads to states, up by so many of them where negative,
or again to the same one (null).
"""
import json
import pathlib
import re._constants as c
import re._parser as parser
import sys

from pygments.lexer import RegexLexer
from pygments.lexers import get_lexer_by_name
from pygments.lexers.data import JsonLexer
from pygments.lexers.make import BaseMakefileLexer, MakefileLexer
from pygments.token import STANDARD_TYPES, Token, _TokenType

NAMES = """javascript typescript jsx tsx rust java kotlin c cpp csharp ruby php swift scala groovy lua perl r sql postgresql
mysql graphql protobuf terraform docker nginx apache ini properties xml html css scss less jinja diff cmake powershell batch
json5 go toml fish elixir haskell dart objective-c promql jsonnet rego nix zig solidity systemd gherkin vue http markdown bash python
clojure erlang tex""".split()

# What callbacks of `HttpLexer` make of their groups.
HEADERS = {
    "header_callback": [Token.Name.Attribute, Token.Text, Token.Operator, Token.Text, Token.Literal, Token.Text],
    "continuous_header_callback": [Token.Text, Token.Literal, Token.Text],
}
CATEGORIES = {
    c.CATEGORY_DIGIT: r"\d", c.CATEGORY_NOT_DIGIT: r"\D", c.CATEGORY_SPACE: r"\s",
    c.CATEGORY_NOT_SPACE: r"\S", c.CATEGORY_WORD: r"\w", c.CATEGORY_NOT_WORD: r"\W",
}


def char(code):
    if 0xD800 <= code <= 0xDFFF:
        raise ValueError("a surrogate")
    text = chr(code)
    if text.isalnum() and text.isascii() or text in "_ '\"<>,;:=!@%/`" or (code > 0x7F and text.isalnum()):
        return text
    return "\\" + text if 0x20 < code < 0x7F else f"\\x{{{code:x}}}"


def ranges(items):
    """The characters of a set, without surrogates, which are none."""
    for op, arg in items:
        if op is c.LITERAL:
            op, arg = c.RANGE, (arg, arg)
        if op is c.RANGE:
            low, high = arg
            for low, high in ((low, min(high, 0xD7FF)), (max(low, 0xE000), high)):
                if low <= high:
                    yield low, high


def group_set(items):
    negated = "^" if items[0][0] is c.NEGATE else ""
    parts = [CATEGORIES[arg] for op, arg in items if op is c.CATEGORY]
    for low, high in ranges(items):
        parts.append(char(low) if low == high else f"{char(low)}-{char(high)}")
    # The letters of all scripts are long; those of the crate are the same but for the newest scripts.
    if len(parts) > 200:
        parts = [CATEGORIES[arg] for op, arg in items if op is c.CATEGORY]
        for low, high in ranges(items):
            if low < 0x80:
                high = min(high, 0x7F)
                parts.append(char(low) if low == high else f"{char(low)}-{char(high)}")
        # U+0660 is a digit.
        more = r"\p{Mn}\p{Mc}\p{Nd}\p{Pc}" if any(low <= 0x660 <= high for low, high in ranges(items)) else ""
        parts.append(r"[\p{L}\p{Nl}" + more + r"&&[^\x00-\x7f]]")
    return "[" + negated + "".join(parts) + "]"


def written(tree, flags):
    out = []
    for op, arg in tree:
        if op is c.LITERAL:
            out.append(char(arg))
        elif op is c.NOT_LITERAL:
            out.append(f"[^{char(arg)}]")
        elif op is c.ANY:
            out.append("." if not flags & c.SRE_FLAG_DOTALL else "(?s:.)")
        elif op is c.IN:
            if len(arg) == 1 and arg[0][0] is c.CATEGORY:
                out.append(CATEGORIES[arg[0][1]])
            else:
                out.append(group_set(arg))
        elif op is c.BRANCH:
            out.append("(?:" + "|".join(written(part, flags) for part in arg[1]) + ")")
        elif op is c.SUBPATTERN:
            group, add, remove, inner = arg
            inner = written(inner, (flags | add) & ~remove)
            if add & c.SRE_FLAG_IGNORECASE:
                inner = f"(?i:{inner})"
            out.append(f"({inner})" if group is not None else f"(?:{inner})")
        elif op in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
            low, high, inner = arg
            high = "" if high is c.MAXREPEAT else high
            count = {(0, ""): "*", (1, ""): "+", (0, 1): "?"}.get((low, high), f"{{{low},{high}}}" if low != high else f"{{{low}}}")
            lazy = {c.MAX_REPEAT: "", c.MIN_REPEAT: "?", c.POSSESSIVE_REPEAT: "+"}[op]
            out.append(f"(?:{written(inner, flags)}){count}{lazy}")
        elif op is c.AT:
            multi = flags & c.SRE_FLAG_MULTILINE
            out.append({
                c.AT_BEGINNING: "(?m:^)" if multi else r"\A", c.AT_BEGINNING_STRING: r"\A",
                c.AT_END: "(?m:$)" if multi else r"(?=\n?\z)", c.AT_END_STRING: r"\z",
                c.AT_BOUNDARY: r"\b", c.AT_NON_BOUNDARY: r"\B",
            }[arg])
        elif op in (c.ASSERT, c.ASSERT_NOT):
            way, inner = arg
            sign = ("?<" if way < 0 else "?") + ("=" if op is c.ASSERT else "!")
            out.append(f"({sign}{written(inner, flags)})")
        elif op is c.GROUPREF:
            out.append(f"(?:\\{arg})")
        elif op is c.ATOMIC_GROUP:
            out.append(f"(?>{written(arg, flags)})")
        else:
            raise ValueError(f"{op} is not known")
    return "".join(out).replace(")(?:", ")(?:")


def pattern(compiled):
    flags = compiled.flags
    text = written(parser.parse(compiled.pattern, flags), flags)
    return f"(?i:{text})" if flags & c.SRE_FLAG_IGNORECASE else text


class Dump:
    def __init__(self):
        self.patterns, self.classes, self.lexers, self.known = {}, {}, [], {}

    def class_of(self, token):
        name = STANDARD_TYPES.get(token)
        suffix = ""
        while name is None:
            suffix = f"-{token[-1]}{suffix}"
            token = token.parent
            name = STANDARD_TYPES.get(token)
        name += suffix
        return self.classes.setdefault(name, len(self.classes))

    def lexer(self, kind):
        if kind in self.known:
            return self.known[kind]
        tokens = kind()._tokens
        entry = {"names": [], "states": []}
        self.known[kind] = number = len(self.lexers)
        self.lexers.append(entry)
        places = {}

        def place(state):
            if state not in places:
                places[state] = len(entry["states"])
                entry["states"].append([])
                entry["states"][places[state]] = [rule(*it) for it in tokens[state]]
            return places[state]

        def action(what):
            if what is None or isinstance(what, _TokenType):
                return None if what is None else self.class_of(what)
            cells = dict(zip(what.__code__.co_freevars, [cell.cell_contents for cell in what.__closure__ or ()]))
            if "bygroups" in what.__qualname__:
                return {"by": [action(part) for part in cells["args"]]}
            if "using" in what.__qualname__:
                options = cells.get("gt_kwargs", {}).get("stack", ("root",))
                other = cells.get("_other")
                if other is None:
                    return {"using": [number, [place(state) for state in options]]}
                if other is JsonLexer:
                    return "json"
                if issubclass(other, RegexLexer):
                    inner = self.lexer(other)
                    return {"using": [inner, [0]]}
            if what.__name__ in HEADERS:
                return {"by": [self.class_of(token) for token in HEADERS[what.__name__]]}
            print(f"{kind.__name__}: {what.__qualname__} is plain", file=sys.stderr)
            return self.class_of(Token.Text)

        def step(new):
            if isinstance(new, int):
                return new
            return None if new == "#push" else -1 if new == "#pop" else place(new)

        def rule(match, what, new):
            text = pattern(match.__self__)
            number = self.patterns.setdefault(text, len(self.patterns))
            new = () if new is None else new if isinstance(new, tuple) else (new,)
            return [number, action(what), [step(it) for it in new]]

        place("root")
        return number


def main():
    dump = Dump()
    dump.class_of(Token.Text)
    for name in NAMES:
        kind = type(get_lexer_by_name(name))
        number = dump.lexer(kind)
        dump.lexers[number]["names"] = [alias.lower() for alias in kind.aliases]
    # It takes comments and directives out line by line before; the others are told by these rules.
    dump.lexers[dump.lexer(BaseMakefileLexer)]["names"] = [alias.lower() for alias in MakefileLexer.aliases]
    out = {"patterns": list(dump.patterns), "lexers": dump.lexers}
    path = pathlib.Path(__file__).with_name("lexers.json")
    path.write_text(json.dumps(out, ensure_ascii=False, separators=(",", ":")) + "\n")


main()
