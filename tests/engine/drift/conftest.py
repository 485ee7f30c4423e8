"""Real git repositories."""

from tests.repo.conftest import _own_git_configuration, git, repository, root

__all__ = ["_own_git_configuration", "git", "repository", "root"]
