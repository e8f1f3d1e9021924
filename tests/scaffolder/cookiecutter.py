"""Records what the real cookiecutter makes of the cases in cookiecutter.jsonl, called as Backstage's fetch:cookiecutter does.

    python3 -m venv /tmp/cc && /tmp/cc/bin/pip install cookiecutter==2.7.1
    /tmp/cc/bin/python tests/scaffolder/cookiecutter.py tests/fixtures/templates/cookiecutter.jsonl

A case has files, values, plain (copyWithoutRender) and extensions; makes, or fails, is written anew. A file is a text, or an
object with base64, mode or link; a folder's path ends with a slash.
"""

import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile


def put(folder, path, content):
    place = folder / path
    if path.endswith("/"):
        place.mkdir(parents=True)
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, str):
        content = {"text": content}
    if "link" in content:
        place.symlink_to(content["link"])
        return
    raw = base64.b64decode(content["base64"]) if "base64" in content else content["text"].encode()
    place.write_bytes(raw)
    place.chmod(int(content.get("mode", "644"), 8))


def take(folder):
    made = {}
    for place in sorted(folder.rglob("*")):
        path = str(place.relative_to(folder))
        if place.is_dir():
            if not any(place.iterdir()):
                made[path + "/"] = ""
            continue
        raw, mode = place.read_bytes(), place.stat().st_mode & 0o777
        try:
            content = {"text": raw.decode()}
        except UnicodeDecodeError:
            content = {"base64": base64.b64encode(raw).decode()}
        if mode != 0o644:
            content["mode"] = f"{mode:o}"
        made[path] = content["text"] if list(content) == ["text"] else content
    return made


def record(case):
    with tempfile.TemporaryDirectory() as root:
        template = pathlib.Path(root) / "template"
        contents = template / "{{cookiecutter and 'contents'}}"
        made = pathlib.Path(root) / "made"
        for folder in (contents, made):
            folder.mkdir(parents=True)
        for path, content in case["files"].items():
            put(contents, path, content)
        names = {}
        if (contents / "cookiecutter.json").exists():
            names = json.loads((contents / "cookiecutter.json").read_text())
        names |= case["values"]
        for private, key in (("_copy_without_render", "plain"), ("_extensions", "extensions")):
            names.pop(private, None)
            if key in case:
                names[private] = case[key]
        (template / "cookiecutter.json").write_text(json.dumps(names))
        command = [os.path.join(os.path.dirname(sys.executable), "cookiecutter"), "--no-input", "-o", made, template]
        ended = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"HOME": root})
        case.pop("makes", None)
        case.pop("fails", None)
        if ended.returncode:
            said = (ended.stderr.strip() or ended.stdout.strip() or "no word").splitlines()
            case["fails"] = said[-1].replace(root, "")
        else:
            case["makes"] = take(made / os.listdir(made)[0])


path = pathlib.Path(sys.argv[1])
cases = [json.loads(line) for line in path.read_text().splitlines()]
for case in cases:
    record(case)
path.write_text("".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases))
