"""What the tree of a vault may hold."""

from __future__ import annotations

import pytest

from li_vault.core import vault_layout
from li_vault.core.vault_layout import FILE, FOLDER, TreeEntry

ID = "a" * 40
GOOD = [
    TreeEntry(FILE, ID, ".gitattributes"),
    TreeEntry(FILE, "b" * 40, "README.md"),
    TreeEntry(FOLDER, "b" * 40, "contacts"),
    TreeEntry(FILE, "b" * 40, "contacts/zora-quill-00000001.vcf"),
    TreeEntry(FOLDER, "b" * 40, "exports"),
    TreeEntry(FILE, "b" * 40, "exports/Connections.csv"),
    TreeEntry(FILE, "b" * 40, "exports/Rich Media (old) café.csv"),
    TreeEntry(FOLDER, "b" * 40, "former"),
    TreeEntry(FILE, "b" * 40, "former/zora-quill-00000002.vcf"),
    TreeEntry(FILE, "b" * 40, "vault.toml"),
]


def test_a_vault_is_a_vault() -> None:
    assert list(vault_layout.tree_problems(GOOD, ID)) == []


def test_what_a_user_committed_beside_it_is_harmless() -> None:
    assert list(vault_layout.tree_problems([*GOOD, TreeEntry(FILE, "d" * 40, "plan.md")], ID)) == []


@pytest.mark.parametrize(
    ("mode", "path", "words"),
    [
        ("120000", "contacts/x.vcf", "a symbolic link"),
        ("160000", "x", "a submodule"),
        ("100755", "former/x.vcf", "an executable file"),
        ("100600", "exports/x", "something of mode 100600"),
        (FOLDER, "hooks", "a folder that no vault has"),
        (FOLDER, "contacts/deep", "a folder that no vault has"),
        (FILE, "contacts/deep/x.vcf", "a folder that no vault has"),
        (FILE, ".gitmodules", "means something else"),
        (FILE, "contacts/.x.vcf", "means something else"),
        (FILE, "contacts/x.vcf.", "means something else"),
        (FILE, "contacts/a\\x.vcf", "means something else"),
        (FILE, "contacts/" + "ü" * 130 + ".vcf", "means something else"),
        (FILE, "contacts/x.sh", "no vCard file"),
        (FILE, "former/ZORA-QUILL-00000002.VCF", "is there twice"),
        (FILE, "exports/Rich Media (old) cafe\u0301.csv", "is there twice"),
    ],
)
def test_what_has_no_place(mode: str, path: str, words: str) -> None:
    (problem,) = vault_layout.tree_problems([*GOOD, TreeEntry(mode, "c" * 40, path)], ID)
    assert problem.startswith(path)
    assert words in problem


def test_other_attributes_have_no_place() -> None:
    (problem,) = vault_layout.tree_problems(GOOD, "d" * 40)
    assert problem.startswith(".gitattributes does not hold")


def test_a_path_that_would_move_the_cursor_is_shown_harmless() -> None:
    (problem,) = vault_layout.tree_problems(
        [*GOOD, TreeEntry(FILE, ID, "contacts/\x1b[2J.vcf")], ID
    )
    assert "\x1b" not in problem
