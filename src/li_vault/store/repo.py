"""One repository, fit to be written to; home of GitPython."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from li_vault.errors import BadVault, GitFailed
from li_vault.store import sealed

if TYPE_CHECKING:
    import git


Progress = Callable[[str, int, int], None]
"""Told of long work: what is being done, how much is done, how much there is (0: unknown)."""

MARKER = "vault.toml"
"""The file that marks a folder as a vault."""

OWN_EMAIL = "li-vault@localhost"
"""The address of author and committer of everything that li-vault records."""

MAIN = "refs/heads/main"
"""The one branch of a vault."""

NOBODY = "0" * 40
"""The id that stands for "no object" in git's plumbing."""


@dataclass(slots=True, eq=False)
class Processes:
    """The processes that talk to remotes of one vault; `turn` is for those that can't meet."""

    running: set[subprocess.Popen[bytes]] = field(default_factory=set)
    turn: threading.Lock = field(default_factory=threading.Lock)


@dataclass(slots=True)
class Repo:
    """A vault's repository. Made by `open_repo` and `create`.

    Attributes:
        clean_index: What the index file looked like (`index_signature`), and which commit it then
            was equal to; spares a comparison.
    """

    path: Path
    environment: dict[str, str] = field(default_factory=sealed.sealed_environment, repr=False)
    clean_index: tuple[tuple[int, ...], str] | None = None
    processes: Processes = field(default_factory=Processes, repr=False, compare=False)

    @property
    def git_dir(self) -> Path:
        """The `.git` folder."""
        return self.path / ".git"

    @property
    def private(self) -> Path:
        """The folder of lock, journal and caches; it can be thrown away while nothing runs."""
        return self.git_dir / "li-vault"

    def start(
        self, *args: str, env: Mapping[str, str] | None = None, stdin: int = subprocess.PIPE
    ) -> subprocess.Popen[bytes]:
        """Start a sealed git whose streams the caller reads and writes.

        Raises:
            BadVault: git is not installed, or the folder is gone.
        """
        try:
            return subprocess.Popen(
                ("git", *args),
                cwd=self.path,
                env={**self.environment, **(env or {})},
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=1 << 20,
            )
        except FileNotFoundError as error:
            raise sealed.nothing_to_run(self.path) from error
        except OSError as error:
            raise BadVault(
                f"git could not be started in {self.path}: {error.strerror}.",
                "Check the folder's permissions.",
            ) from error

    def run(
        self,
        *args: str,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        ok: tuple[int, ...] = (0,),
    ) -> bytes:
        """Run a sealed git to its end and return its standard output.

        Raises:
            GitFailed: Any other status; git's own words are in the message.
            BadVault: git is missing, or refuses the folder because someone else owns it.
        """
        process = self.start(*args, env=env, stdin=subprocess.PIPE if stdin else subprocess.DEVNULL)
        return self._end(process, args, stdin, ok)

    def begin(
        self,
        *args: str,
        env: Mapping[str, str] | None = None,
        ok: tuple[int, ...] = (0,),
        stdin: int = subprocess.DEVNULL,
    ) -> Callable[[], bytes]:
        """Like `run`, but git works while the caller does something else.

        `stdin` is the file that it reads. Returns a function that waits for its end and returns
        its standard output; it must be called, and raises what `run` raises.
        """
        process = self.start(*args, env=env, stdin=stdin)
        return lambda: self._end(process, args, ok=ok)

    @staticmethod
    def _end(
        process: subprocess.Popen[bytes],
        args: tuple[str, ...],
        stdin: bytes = b"",
        ok: tuple[int, ...] = (0,),
    ) -> bytes:
        try:
            out, err = process.communicate(stdin or None)
        except BaseException:
            sealed.stop_git(process)
            raise
        if process.returncode not in ok:
            raise sealed.git_failure(_verb(args), process.returncode, err)
        return out

    def feed(
        self, *args: str, chunks: Iterable[bytes], env: Mapping[str, str] | None = None
    ) -> bytes:
        """Like `run`, with the standard input in chunks; for commands that say little."""
        process = self.start(*args, env=env)
        pipe = sealed.stream(process.stdin)
        try:
            with suppress(BrokenPipeError):  # git ended early: its own words say why
                for chunk in chunks:
                    pipe.write(chunk)
                pipe.flush()
            out, err = process.communicate()
        except BaseException:
            sealed.stop_git(process)
            raise
        if process.returncode:
            raise sealed.git_failure(_verb(args), process.returncode, err)
        return out


def _verb(args: tuple[str, ...]) -> str:
    """The command's name among its arguments, behind the `-c key=value` pairs."""
    return args[2] if args[0] == "-c" else args[0]


def enclosing_vault(start: Path) -> Path | None:
    """The vault that `start` lies in: the nearest folder upward with `vault.toml` and `.git`."""
    return next(
        (
            folder
            for folder in (start, *start.parents)
            if (folder / MARKER).is_file() and (folder / ".git").exists()
        ),
        None,
    )


def open_repo(path: Path) -> Repo:
    """The vault's repository at exactly this folder.

    Raises:
        BadVault: No such folder, no repository, a bare or foreign one, one that git refuses
            because someone else owns it, or no usable git; the hint is the next step.
    """
    path = Path(os.path.abspath(path))
    if not path.is_dir():
        raise BadVault(
            f"There is no vault at {path}: there is no folder.",
            "Check the path (is a disk not mounted?), or begin a vault there with li-vault init.",
        )
    dot_git = path / ".git"
    if dot_git.is_file():
        raise BadVault(
            f"{path} is a linked work tree or a submodule, not a vault of its own.",
            "Use the vault's own folder, or a clone.",
        )
    repo = Repo(path)
    if not dot_git.exists():
        if (path / "HEAD").is_file() and (path / "objects").is_dir():
            raise BadVault(
                f"{path} is a bare repository: it has no cards to work on.",
                "Restore it into a folder: li-vault restore " + str(path),
            )
        raise BadVault(
            f"{path} is not a vault: it is not a git repository.",
            "Begin one with li-vault init, or name the right folder with --vault.",
        )

    def ask(environment: dict[str, str]) -> bytes:
        repo.environment = environment
        asked = ("--is-bare-repository", "--show-object-format", "--is-inside-work-tree")
        return repo.run("rev-parse", *asked, "--show-prefix")

    facts = sealed.repository_facts(path, ask)
    if facts[:1] == ["true"]:
        raise BadVault(f"{path} is a bare repository.", "Restore it: li-vault restore URL DIR")
    if facts[1:2] != ["sha1"]:
        sealed.require_git_version()  # an old git does not know what it was asked
        raise BadVault(
            f"{path} uses {' '.join(facts[1:2])} object ids; a vault uses sha1.",
            "Begin a vault with li-vault init.",
        )
    if facts[2:] != ["true"]:
        raise BadVault(
            f"The work tree of {path} is another folder: its configuration sets core.worktree.",
            "In the vault: git config --unset core.worktree",
        )
    if not (path / MARKER).is_file() and not _is_ours(repo):
        raise BadVault(
            f"{path} is a git repository, but not a vault: it has no {MARKER}.",
            "Begin a vault in a folder of its own: li-vault init DIR",
        )
    return repo


def _is_ours(repo: Repo) -> bool:
    """Whether HEAD has the marker, or the repository is one of ours before its first commit."""
    if repo.run("rev-parse", "--verify", "-q", "HEAD", ok=(0, 1, 128)):
        return bool(repo.run("ls-tree", "-z", "HEAD", "--", MARKER))
    return repo.private.is_dir()


def create_repo(path: Path) -> Repo:
    """Begin a repository at `path`: branch `main`, SHA-1, no templates, 0700 on POSIX.

    A vault that is already there is opened. Nothing is committed.

    Raises:
        BadVault: A foreign repository is there, or the folder can't be made.
    """
    path = Path(os.path.abspath(path))
    dot_git = path / ".git"
    if dot_git.exists() and not _is_blank(dot_git):
        return open_repo(path)
    sealed.require_git_version()
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.chmod(0o700)
        repo = Repo(path, sealed.sealed_environment())
        repo.run(
            "init", "-q", "--initial-branch=main", "--object-format=sha1", "--template=", str(path)
        )
        # A blank repository that was there may be on another branch.
        repo.run("symbolic-ref", "HEAD", MAIN)
        dot_git.chmod(0o700)
        repo.private.mkdir(mode=0o700, exist_ok=True)
    except (OSError, GitFailed) as error:
        why = error.message if isinstance(error, GitFailed) else error.strerror
        raise BadVault(
            f"The vault can't be begun in {path}: {why}.",
            "Choose another folder, or mend the permissions.",
        ) from error
    return open_repo(path)


def _is_blank(dot_git: Path) -> bool:
    """Whether nothing was ever recorded here: an `init`, or a first snapshot, was killed."""
    return dot_git.is_dir() and not (
        (dot_git / "index").exists()
        or (dot_git / "packed-refs").exists()
        or any(path.is_file() for path in (dot_git / "refs").rglob("*"))
    )


def read_settings(repo: Repo, section: str = "li-vault") -> dict[str, str]:
    """The settings `section.*` of the repository's own configuration, by key without section.

    Of a key with several values the last one counts, as everywhere in git.
    """
    pattern = "^" + section.replace(".", r"\.") + r"\."
    out = repo.run("config", "--local", "-z", "--get-regexp", pattern, ok=(0, 1))
    pairs = (e.partition("\n") for e in out.decode("utf-8", "surrogateescape").split("\0")[:-1])
    return {key[len(section) + 1 :]: value for key, _, value in pairs}


def set_config(repo: Repo, key: str, value: str | None) -> None:
    """Set one key, such as `li-vault.command`, in the repository's own configuration."""
    if value is None:
        repo.run("config", "--local", "--unset-all", key, ok=(0, 5))
    else:
        repo.run("config", "--local", "--replace-all", key, value)


@contextmanager
def open_gitpython(repo: Repo) -> Iterator[git.Repo]:
    """The repository in GitPython, for what it does well: remotes; closed afterwards (it leaks).

    Raises:
        BadVault: git was not found.
    """
    try:
        import git
    except ImportError as error:  # GitPython looks for git when it is imported
        raise sealed.nothing_to_run(repo.path) from error
    try:
        opened = git.Repo(repo.path, expand_vars=False)
    except (git.InvalidGitRepositoryError, git.NoSuchPathError) as error:
        raise BadVault(
            f"GitPython can't open {repo.path}.", "Unset variables that begin with GIT_."
        ) from error
    opened.git = git.Git(os.fspath(repo.path))  # else GIT_WORK_TREE would lead elsewhere
    opened.git.update_environment(**_places(repo))
    try:
        yield opened
    finally:
        opened.close()


def _places(repo: Repo) -> dict[str, str]:
    """Variables of the user's environment that name a repository, naming this one instead."""
    places = {
        "GIT_DIR": repo.git_dir,
        "GIT_COMMON_DIR": repo.git_dir,
        "GIT_WORK_TREE": repo.path,
        "GIT_INDEX_FILE": repo.git_dir / "index",
        "GIT_OBJECT_DIRECTORY": repo.git_dir / "objects",
        "GIT_SHALLOW_FILE": repo.git_dir / "shallow",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": "",
        "GIT_NAMESPACE": "",
    }
    return {name: str(place) for name, place in places.items() if name in os.environ}


_UNDER_WAY = {
    "MERGE_HEAD": ("A merge", "finish it with git commit, or drop it: git merge --abort"),
    "rebase-merge": ("A rebase", "git rebase --continue, or git rebase --abort"),
    "rebase-apply": ("A rebase", "git rebase --continue, or git rebase --abort"),
    "CHERRY_PICK_HEAD": ("A cherry-pick", "git cherry-pick --continue, or --abort"),
    "REVERT_HEAD": ("A revert", "git revert --continue, or git revert --abort"),
    "BISECT_LOG": ("A bisect", "git bisect reset"),
}


def require_ready(repo: Repo) -> None:
    """See that nothing of the user's own is half done in the repository.

    Raises:
        BadVault: A merge, rebase, cherry-pick, revert or bisect is under way, paths are
            unmerged, HEAD is detached or on another branch than `main`, or the clone is
            shallow; the hint is the next step.
    """
    for name, (what, step) in _UNDER_WAY.items():
        if (repo.git_dir / name).exists():
            raise BadVault(f"{what} is under way in {repo.path}.", f"In the vault: {step}")
    require_full_history(repo)
    head = (repo.git_dir / "HEAD").read_text("utf-8", "replace").strip()
    if head == f"ref: {MAIN}":
        return
    branch = repo.run("symbolic-ref", "-q", "HEAD", ok=(0, 1)).decode().strip()
    if branch != MAIN:
        state = f"on the branch {branch.removeprefix('refs/heads/')}" if branch else "detached"
        raise BadVault(
            f"HEAD is {state}; the snapshots are on main.", "In the vault: git checkout main"
        )


def require_full_history(repo: Repo) -> None:
    """See that the history is all there.

    Raises:
        BadVault: The clone is shallow.
    """
    if (repo.git_dir / "shallow").exists():
        raise BadVault(
            f"{repo.path} is a shallow clone: it lacks the older snapshots.",
            "In the vault: git fetch --unshallow",
        )


def require_main(repo: Repo) -> None:
    """See that a vault whose `main` has no commit is one that has none at all.

    Raises:
        BadVault: `main` was renamed, or taken away.
    """
    if not repo.run("rev-parse", "--verify", "-q", "HEAD", ok=(0, 1, 128)):
        return
    branch = repo.run("symbolic-ref", "-q", "--short", "HEAD", ok=(0, 1)).decode().strip()
    step = f"git branch -m {branch} main" if branch else "git checkout -b main"
    raise BadVault(
        f"{repo.path} has no branch main, where the snapshots are.", f"In the vault: {step}"
    )


def may_have_remotes(repo: Repo) -> bool:
    """Whether a vault may have a remote; takes no git, so that one without pays nothing."""
    try:
        return b"[remote" in (repo.git_dir / "config").read_bytes().lower()
    except OSError:
        return True
