"""A user's own policy: which kinds of related works a run joins too; all records are made."""

from __future__ import annotations

import json
from pathlib import Path

from indexer.settings import load
from tests.command import here


def test_a_policy_says_the_level_and_the_kinds_joined_beside_it(tmp_path: Path) -> None:
    """Verdicts say the level, every other word a kind of related works."""
    file = tmp_path / "s.toml"
    file.write_text("[policy]\ncollapse = ['duplicate', 'version', 'conference']\n")

    assert load(file).values == {"level": "work", "collapse": ["conference"]}


def test_an_unknown_kind_to_collapse_names_the_known_ones(tmp_path: Path) -> None:
    """A misspelt kind would join nothing, in silence."""
    done = here("dedupe", "r.jsonl", "--collapse", "conferences", cwd=tmp_path)

    assert done.returncode == 2
    assert "conference" in done.stderr


def test_a_policy_of_the_file_joins_what_is_related(tmp_path: Path) -> None:
    """A conference paper and its journal article, one work for those who count them so."""
    shared = {"title": "Rigid motions of tensegrity frames with slack cables", "year": "2012",
              "authors": ["Okonjo, Marta", "Haddad, Nadia"]}  # fmt: skip
    meeting = {"id": "a", "source": "a", "container": "Proceedings of the 3rd Made Conference"}
    journal = {"id": "b", "source": "b", "container": "Journal of Made Mechanics",
               "volume": "7", "pages": "1-9"}  # fmt: skip
    rows = [json.dumps({**shared, **one}) for one in (meeting, journal)]
    (tmp_path / "r.jsonl").write_text("\n".join(rows) + "\n")

    def works() -> int:
        done = here("dedupe", "r.jsonl", "--json", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        found: int = json.loads(done.stdout)["works"]
        return found

    assert works() == 2
    (tmp_path / "samework.toml").write_text(
        "[policy]\ncollapse = ['duplicate', 'version', 'conference']\n"
    )
    assert works() == 1
