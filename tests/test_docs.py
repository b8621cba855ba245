"""Documentation cannot rot: commands, settings, links, paths and made pages are as told."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from benchmarks.__main__ import Benchmark, benchmarks, ran
from detector.runs.jobs import makers
from docs import make_report_picture
from docs.make_pages import PAGES
from indexer.errors import SettingsError
from indexer.feeds.opening import configured
from indexer.scheduling.jobs import jobs_of
from indexer.scheduling.times import span_of
from indexer.settings import SETTINGS, load
from samework.cli import app

ROOT = Path(__file__).resolve().parents[1]
GUIDE = (ROOT / "docs/guide.md").read_text("utf-8")
OPERATIONS = (ROOT / "docs/operations.md").read_text("utf-8")
MARKDOWN = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    for folder in (ROOT, ROOT / "docs", ROOT / "examples")
    for path in sorted(folder.glob("*.md"))
}
TOML = [
    block
    for text in MARKDOWN.values()
    for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
]
SCHEDULE = next(block for block in TOML if "[[schedule.job]]" in block)


def commands(group: Any, path: str = "samework") -> Iterator[tuple[str, Any]]:
    """Every command under a group, with the words that call it."""
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if hasattr(command, "commands"):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


ROOT_COMMAND: Any = typer.main.get_command(app)
COMMANDS = dict(commands(ROOT_COMMAND))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_that_ends_in_an_example(name: str) -> None:
    """The example calls the command that it explains."""
    text = COMMANDS[name].help or ""

    example = text.partition("Example: ")[2]
    assert example.startswith(name), f"{name} has no example"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_is_for(name: str) -> None:
    silent = [
        param.name
        for param in COMMANDS[name].params
        if param.param_type_name == "option" and param.name != "help" and not param.help
    ]

    assert silent == []


@pytest.mark.parametrize("name", sorted({" ".join(name.split()[:2]) for name in COMMANDS}))
def test_every_command_stands_in_the_guide(name: str) -> None:
    assert re.search(rf"`{name}\b", GUIDE)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda one: one.name)
def test_every_setting_is_an_option_of_the_same_name(setting: Any) -> None:
    """What a file may say, a flag may say too."""
    options = {param.name for command in COMMANDS.values() for param in command.params}
    options |= {param.name for param in ROOT_COMMAND.params}

    assert setting.name in options


@pytest.mark.parametrize("block", TOML)
def test_every_settings_file_shown_is_read_as_it_stands(block: str, tmp_path: Path) -> None:
    file = tmp_path / "samework.toml"
    file.write_text(block, "utf-8")

    settings = load(file)
    feeds = settings.table("feeds")

    assert [configured(name, feeds[name]).name for name in feeds] == list(feeds)
    if schedule := settings.table("schedule"):
        assert jobs_of(schedule, makers(feeds))


def keys_told(table: str) -> dict[str, str]:
    """The keys that docs/operations.md has for a table of the settings, with their defaults."""
    told = OPERATIONS.partition(f"| key of `{table}` |")[2].partition("\n\n")[0]
    return dict(re.findall(r"^\| `(\w+)` \| ([^|]*) \|", told, re.MULTILINE))


def keys_read(schedule: dict[str, Any]) -> set[str]:
    """The keys that the reader knows, as it names them where one is unknown."""
    with pytest.raises(SettingsError) as refused:
        jobs_of(schedule, makers({}))
    return set(str(refused.value).partition("known: ")[2].split(", ")) - {"job"}


def test_every_key_of_a_schedule_is_told_with_its_default() -> None:
    job = {"run": "harvest arxiv", "every": "6h"}

    assert set(keys_told("[schedule]")) == keys_read({"zzzz": 1})
    assert set(keys_told("[[schedule.job]]")) == keys_read({"job": [{**job, "zzzz": 1}]})
    (bare,) = jobs_of({"job": [job]}, makers({}))
    (dated,) = jobs_of({"job": [{"run": "settle", "at": "02:30"}]}, makers({}))
    assert f'"{bare.name}"' in keys_told("[[schedule.job]]")["name"]
    assert f'"{dated.name}"' in keys_told("[[schedule.job]]")["name"]
    assert bare.grace == span_of(keys_told("[schedule]")["grace"].strip('`"'), "")
    assert str(dated.times.zone) == keys_told("[schedule]")["zone"].strip('`"')


@pytest.mark.parametrize("asked", [("--list",), ("--print", "cron"), ("--print", "systemd")])
def test_the_schedule_shown_tells_of_all_its_jobs(asked: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / "samework.toml"
    file.write_text(SCHEDULE, "utf-8")
    schedule = ["--config", str(file), "schedule", "--index", str(tmp_path / "index"), *asked]

    done = CliRunner().invoke(app, schedule)

    assert done.exit_code == 0, done.output
    for job in jobs_of(tomllib.loads(SCHEDULE)["schedule"], makers({})):
        assert job.name in done.output


@pytest.mark.parametrize("name", MARKDOWN)
def test_every_relative_link_leads_somewhere(name: str) -> None:
    """To a file that is there, and to a heading that it has."""
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", MARKDOWN[name]):
        path, _, heading = target.partition("#")
        file = ((ROOT / name).parent / path).resolve() if path else ROOT / name
        assert file.exists(), f"{name} links to {target}"
        if heading:
            assert heading in headings(file.read_text("utf-8")), f"{name} links to {target}"


def headings(text: str) -> set[str]:
    """The names by which GitHub links to the headings of a page."""
    titles = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize(
    "name", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/design.md"]
)
def test_every_path_named_is_there(name: str) -> None:
    """A folder or file by its path from the root, a module also by its name alone."""
    modules = {path.name for path in ROOT.glob("*/**/*.py") if ".venv" not in path.parts}
    rooms = "indexer|detector|samework|tests|benchmarks|docs|examples"

    named = re.findall(r"`([\w./{},*-]+)`", MARKDOWN[name])
    paths = {one for one in named if re.match(rf"(?:{rooms})/", one) and "*" not in one}
    alone = {one for one in named if "/" not in one and one.endswith(".py")}

    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []
    assert sorted(alone - modules) == []


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "CONTRIBUTING.md", "docs/design.md"])
def test_every_class_and_table_named_is_in_the_code(name: str) -> None:
    named = set(
        re.findall(r"`(_?[A-Z][A-Za-z]*[a-z][A-Za-z]*|_?[A-Z][A-Z_]{3,})\b[^`]*`", MARKDOWN[name])
    )
    folders = ("samework", "detector", "indexer", "tests")
    files = [path for folder in folders for path in (ROOT / folder).glob("**/*.py")]
    code = set(re.findall(r"\w+", " ".join(path.read_text("utf-8") for path in files)))

    assert sorted(named - code) == []


@pytest.mark.parametrize("package", ["samework", "detector", "indexer"])
def test_every_room_stands_in_a_heading_of_the_architecture(package: str) -> None:
    """And every module beside the rooms is named."""
    text = MARKDOWN["ARCHITECTURE.md"]
    told = " ".join(re.findall(r"^## (.*)$", text, re.MULTILINE))
    rooms = [path.parent.name for path in (ROOT / package).glob("*/__init__.py")]
    modules = [path.name for path in (ROOT / package).glob("[!_]*.py")]

    assert package != "samework" or f"`{package}/`" in told
    assert [room for room in rooms if f"{room}/`" not in told and room != "commands"] == []
    assert [module for module in modules if f"{module}`" not in text] == []


@pytest.mark.parametrize("name", PAGES)
def test_every_made_page_is_what_the_program_makes_of_its_tables(name: str) -> None:
    """A page written by hand would say yesterday's weights."""
    assert MARKDOWN[f"docs/{name}"] == PAGES[name](), "run `make docs`"


def test_the_picture_of_the_report_shows_the_report_as_it_is(tmp_path: Path) -> None:
    picture = make_report_picture.PICTURE.read_bytes()
    make_report_picture.report(tmp_path)

    shown = make_report_picture.shown_by(tmp_path)

    assert make_report_picture.shown_in(picture) == shown, "run `make docs`"
    assert len(picture) < 200_000


def test_the_summary_that_the_readme_shows_is_what_the_command_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = MARKDOWN["README.md"].partition("$ samework dedupe examples/\n")[2]
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(app, ["dedupe", "examples/"])

    lines = [line.strip() for line in shown.partition("\n\n")[0].splitlines()]
    assert [line for line in lines if line not in done.output] == []
    assert len(lines) == 7


def test_the_python_that_the_readme_shows_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)

    for block in re.findall(r"```python\n(.*?)```", MARKDOWN["README.md"], re.DOTALL):
        exec(compile(block, "README.md", "exec"), {})

    assert "works of" in capsys.readouterr().out
    assert (tmp_path / "answer/report.html").exists()


def test_every_benchmark_that_make_runs_is_a_module() -> None:
    for benchmark in benchmarks(Path("made.jsonl.gz")):
        file = ROOT / "benchmarks" / benchmark.name.replace(".", "/")
        assert file.with_suffix(".py").exists() or (file / "__main__.py").exists()


def test_a_benchmark_that_lacks_something_says_what(capsys: pytest.CaptureFixture[str]) -> None:
    became = ran(Benchmark("opensearch.engine", (), lambda: "no Java for an OpenSearch node"))

    assert became == "left out (no Java for an OpenSearch node)"
    assert "opensearch.engine: no Java" in capsys.readouterr().out
