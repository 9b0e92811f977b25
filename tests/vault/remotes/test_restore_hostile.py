"""Sources that were made to harm: refused, nothing run, nothing left."""

from __future__ import annotations

from pathlib import Path

import pytest

import forging
import outside
from forging import Change, Entry, Forger
from isolation import Run
from outside import Call, git


@pytest.fixture
def bare(call: Call, home: Path, tmp_path: Path) -> Path:
    return forging.bare_vault(call, home, tmp_path)


def _card_link(forger: Forger) -> None:
    forger.put("contacts/x.vcf", b"/etc/passwd", forging.LINK)


def _folder_link(forger: Forger) -> None:
    forger.put("exports", b"/tmp", forging.LINK)


def _contacts_link(forger: Forger) -> None:
    forger.put("contacts", b"former", forging.LINK)


def _submodule(forger: Forger) -> None:
    forger.put(".gitmodules", b'[submodule "x"]\n\tpath = x\n\turl = ext::sh -c "touch canary"\n')
    forger.root["x"] = Entry(
        forging.SUBMODULE, "x", git(forger.folder, "rev-parse", "main").strip()
    )


def _bare_submodule(forger: Forger) -> None:
    ident = git(forger.folder, "rev-parse", "main").strip()
    forger.root["exports"] = Entry(forging.SUBMODULE, "exports", ident)


def _filter(forger: Forger) -> None:
    forger.put(".gitattributes", b"* -text filter=lfs\n")


def _export_subst(forger: Forger) -> None:
    forger.put(".gitattributes", b"* -text\n*.vcf export-subst\n")


def _attributes_below(forger: Forger) -> None:
    forger.put("contacts/.gitattributes", b"*.vcf filter=lfs\n")


def _program(forger: Forger) -> None:
    one = forger.contacts[forger.card()]
    forger.contacts[forger.card()] = one._replace(mode=forging.PROGRAM)


def _dot_dot(forger: Forger) -> None:
    forger.root[".."] = forger.root["contacts"]._replace(name="..")


def _dot_dot_card(forger: Forger) -> None:
    forger.put("contacts/../x.vcf", b"BEGIN:VCARD")


def _dot_git(forger: Forger) -> None:
    _hooks_in(forger, ".git")


def _upper_git(forger: Forger) -> None:
    _hooks_in(forger, ".GIT")


def _short_git(forger: Forger) -> None:
    _hooks_in(forger, "git~1")


def _joined_git(forger: Forger) -> None:
    _hooks_in(forger, ".git\u200c")


def _streamed_git(forger: Forger) -> None:
    _hooks_in(forger, ".git::$INDEX_ALLOCATION")


def _hooks_in(forger: Forger, name: str) -> None:
    hook = Entry(forging.PROGRAM, "post-checkout", forger.blob(b"#!/bin/sh\ntouch canary\n"))
    hooks = Entry(forging.FOLDER, "hooks", forging.tree(forger.folder, [hook]))
    ident = forging.tree(forger.folder, [hooks])
    forger.root[name] = Entry(forging.FOLDER, name, ident)


def _twice(forger: Forger) -> None:
    forger.doubled.append(forger.contacts[forger.card()])


def _twice_to_some(forger: Forger) -> None:
    name = forger.card()
    forger.contacts["upper"] = forger.contacts[name]._replace(name=name.upper()[:-4] + ".vcf")


def _nested(forger: Forger) -> None:
    forger.contacts["deep"] = forger.root["exports"]._replace(name="deep")


def _backslash(forger: Forger) -> None:
    forger.put("contacts/..\\x.vcf", b"BEGIN:VCARD")


def _stream(forger: Forger) -> None:
    forger.put("contacts/x.vcf:y.vcf", b"BEGIN:VCARD")


def _escape(forger: Forger) -> None:
    forger.put("contacts/\x1b[2Jx.vcf", b"BEGIN:VCARD")


def _ignore(forger: Forger) -> None:
    forger.put(".gitignore", b"*\n")


def _no_card(forger: Forger) -> None:
    forger.put("contacts/run.sh", b"touch canary\n")


def _broken_card(forger: Forger) -> None:
    forger.put(f"contacts/{forger.card()}", b"BEGIN:VCARD\r\nVERSION:3.0\r\n")


def _uid_twice(forger: Forger) -> None:
    forger.contacts["x"] = forger.contacts[forger.card()]._replace(name="x-00000000.vcf")


def _no_marker(forger: Forger) -> None:
    del forger.root["vault.toml"]


def _newer(forger: Forger) -> None:
    forger.put("vault.toml", b"format = 9\n")


def _garbage(forger: Forger) -> None:
    forger.put("vault.toml", b"\x00\x01")


def _marker_link(forger: Forger) -> None:
    forger.put("vault.toml", b"format = 1", forging.LINK)


TREES: dict[Change, str] = {
    _card_link: "x.vcf is a symbolic link",
    _folder_link: "exports is a symbolic link",
    _contacts_link: "contacts is a symbolic link",
    _submodule: "is a submodule|gitmodules",
    _bare_submodule: "exports is a submodule",
    _filter: ".gitattributes does not hold",
    _export_subst: ".gitattributes does not hold",
    _attributes_below: "name that means something else",
    _program: "is an executable file",
    _dot_dot: "hasDotdot",
    _dot_dot_card: "fullPathname|folder that no vault has",
    _dot_git: "hasDotgit",
    _upper_git: "hasDotgit",
    _short_git: "hasDotgit",
    _joined_git: "hasDotgit",
    _streamed_git: "hasDotgit",
    _twice: "duplicateEntries",
    _twice_to_some: "is there twice",
    _nested: "folder that no vault has",
    _backslash: "name that means something else",
    _stream: "name that means something else",
    _escape: "name that means something else",
    _ignore: ".gitignore has a name that means something else",
    _no_card: "is no vCard file",
    _broken_card: "cards are not all valid",
    _uid_twice: "it has the UID of",
    _no_marker: "not a vault: it has no vault.toml",
    _newer: "format 9",
    _garbage: "vault.toml can't be read",
    _marker_link: "vault.toml is a symbolic link",
}


@pytest.mark.parametrize("change", TREES, ids=lambda change: change.__name__.strip("_"))
def test_a_tree_that_is_no_vaults(change: Change, call: Call, bare: Path, tmp_path: Path) -> None:
    forger = Forger(bare)
    change(forger)
    forger.commit()
    forging.is_refused(call, bare, tmp_path, TREES[change])


def test_what_fsck_lets_through_the_look_at_the_tree_does_not(
    call: Call, bare: Path, tmp_path: Path
) -> None:
    """Even where the user told git to let such things pass."""
    for check in ("hasDotdot", "hasDotgit", "duplicateEntries", "fullPathname"):
        git(tmp_path, "config", "--global", f"fetch.fsck.{check}", "ignore")
        git(tmp_path, "config", "--global", f"fsck.{check}", "ignore")
    forger = Forger(bare)
    _joined_git(forger)
    forger.commit()
    forging.is_refused(call, bare, tmp_path, "is a folder that no vault has|executable")


def test_a_snapshot_that_does_not_hold_what_it_counted(
    call: Call, bare: Path, tmp_path: Path
) -> None:
    forger = Forger(bare)
    del forger.contacts[forger.card()]
    forger.commit(instead=True)
    forging.is_refused(call, bare, tmp_path, "is not as it says")


def test_a_snapshot_that_does_not_add_up(call: Call, bare: Path, tmp_path: Path) -> None:
    words = git(bare, "log", "-1", "--format=%B", "main").strip() + "\n"
    rows = outside.trailers(words)["Li-Rows"]
    said = words.replace(f"Li-Rows: {rows}", f"Li-Rows: {int(rows) + 1}")
    Forger(bare).commit(said, instead=True)
    forging.is_refused(call, bare, tmp_path, "does not add up")


def _traps(folder: Path, canary: Path) -> None:
    """Everything in a repository that git could run, told to run something."""
    touch = f"touch {canary}"
    hooks = "post-checkout post-merge reference-transaction pre-push post-index-change pre-auto-gc"
    for name in hooks.split():
        hook = folder / "hooks" / name
        hook.write_text(f"#!/bin/sh\n{touch}\n")
        hook.chmod(0o755)
    keys = "core.sshCommand core.fsmonitor core.editor core.pager core.askPass core.gitProxy "
    keys += "core.alternateRefsCommand uploadpack.packObjectsHook diff.external credential.helper "
    keys += "filter.lfs.smudge filter.lfs.process remote.origin.uploadpack gpg.program"
    for key in keys.split():
        git(folder, "config", key, f"sh -c '{touch}'")
    git(folder, "config", "core.hooksPath", str(folder / "hooks"))


@pytest.mark.parametrize("kind", ["", "file://"])
def test_nothing_of_the_source_is_run(kind: str, run: Run, bare: Path, tmp_path: Path) -> None:
    canary, target = tmp_path / "canary", tmp_path / "restored"
    _traps(bare, canary)
    template = tmp_path / "template"
    (template / "hooks").mkdir(parents=True)
    _traps_in_template = template / "hooks" / "post-checkout"
    _traps_in_template.write_text(f"#!/bin/sh\ntouch {canary}\n")
    _traps_in_template.chmod(0o755)
    git(tmp_path, "config", "--global", "init.templateDir", str(template))
    git(tmp_path, "config", "--global", "core.hooksPath", str(bare / "hooks"))
    said = run("restore", f"{kind}{bare}", target, env={"GIT_TEMPLATE_DIR": str(template)})
    assert said.status == 0, said
    assert not canary.exists()
    assert {path.name for path in (target / ".git" / "hooks").iterdir()} == {
        "pre-commit",
        "pre-push",
    }
    assert str(canary) not in (target / ".git" / "config").read_text()


def test_a_source_that_would_fetch_from_elsewhere_first(
    run: Run, bare: Path, tmp_path: Path
) -> None:
    """A partial clone asks its own remote for what it lacks, by a command of its own."""
    forging.lose(bare, f"main:contacts/{Forger(bare).card()}")
    canary = tmp_path / "canary"
    script = tmp_path / "upload"
    script.write_text(f"#!/bin/sh\ntouch {canary}\n")
    script.chmod(0o755)
    for key, value in (
        ("core.repositoryFormatVersion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.url", str(tmp_path / "vault")),
        ("remote.origin.promisor", "true"),
        ("remote.origin.uploadpack", str(script)),
    ):
        git(bare, "config", key, value)
    said = run("restore", bare, tmp_path / "restored")
    assert said.status == 5
    assert not canary.exists()
    assert not (tmp_path / "restored").exists()


def test_variables_that_name_another_repository(run: Run, bare: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    git(tmp_path, "init", "-q", str(other))
    before = outside.state(other)
    env = {"GIT_DIR": str(other / ".git"), "GIT_WORK_TREE": str(other), "GIT_NAMESPACE": "x",
           "GIT_INDEX_FILE": str(other / ".git" / "index"),
           "GIT_OBJECT_DIRECTORY": str(other / ".git" / "objects")}  # fmt: skip
    said = run("restore", bare, tmp_path / "restored", env=env)
    assert said.status == 0, said
    assert outside.state(other) == before
    assert git(tmp_path / "restored", "rev-parse", "main") == git(bare, "rev-parse", "main")
